//! Founding an organisation: its people, offices, licences and settings before anything happens.

use crate::app::Collector;
use crate::belongings;
use crate::drive::Drive;
use crate::office_apps;
use crate::office_mail::open_mailbox;
use crate::office_names::{CITIES, COMPANIES, GIVEN, POSTS, SURNAMES};
use crate::person::{Device, Method, Place, User};
use crate::record::Micros;
use crate::seed::Seed;
use crate::story_time::DAY;
use crate::world::{
    DevOpsOrganization, DirectoryRole, Office, Settings, Sku, Subscription, Tenant,
};

/// Directory roles that the stories know: template id, name and `WellKnownObjectName`.
pub(crate) const ROLES: &[(&str, &str, &str)] = &[
    (
        "62e90394-69f5-4237-9190-012177145e10",
        "Global Administrator",
        "TenantAdmins",
    ),
    (
        "29232cdf-9323-42fd-ade2-1d097af3e4de",
        "Exchange Administrator",
        "ExchangeServiceAdmins",
    ),
    (
        "fe930be7-5e62-47db-91af-98c3a49a38b1",
        "User Administrator",
        "UserAccountAdmins",
    ),
    (
        "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
        "Global Reader",
        "GlobalReaders",
    ),
];

const E5_PLANS: &[&str] = &[
    "EXCHANGE_S_ENTERPRISE",
    "SHAREPOINTENTERPRISE",
    "TEAMS1",
    "AAD_PREMIUM",
    "AAD_PREMIUM_P2",
    "M365_ADVANCED_AUDITING",
    "M365_AUDIT_PLATFORM",
    "ATP_ENTERPRISE",
    "THREAT_INTELLIGENCE",
    "MTP",
];
const E3_PLANS: &[&str] = &[
    "EXCHANGE_S_ENTERPRISE",
    "SHAREPOINTENTERPRISE",
    "TEAMS1",
    "AAD_PREMIUM",
    "M365_AUDIT_PLATFORM",
];

/// Founds the nth organisation of a world.
pub(crate) fn found(seed: &Seed, number: usize, people: usize, began: Micros) -> Tenant {
    let mut chance = seed.fork("office").child(number as u64);
    let (company, word) = COMPANIES[number % COMPANIES.len()];
    let round = number / COMPANIES.len();
    let (name, word) = if round == 0 {
        (company.to_owned(), word.to_owned())
    } else {
        (
            format!("{company} {}", round + 1),
            format!("{word}-{}", round + 1),
        )
    };
    let id = chance.guid();
    let domain = format!("{word}.example");
    let initial_domain = format!("{}.onmicrosoft.example", word.replace('-', ""));
    let offices = vec![office(number)];
    let users: Vec<User> = (0..people)
        .map(|index| hire(&mut chance, (number, index), &domain, &offices[0], began))
        .collect();
    let roles = roles(&mut chance, &users);
    let mut tenant = Tenant {
        settings: settings(&mut chance, began),
        subscriptions: vec![Subscription {
            id: chance.guid(),
            name: format!("{name} production"),
        }],
        devops: vec![DevOpsOrganization {
            id: chance.guid(),
            name: word,
            project: (chance.guid(), "warehouse".to_owned()),
        }],
        skus: skus(people as u32),
        collector: Collector {
            client_id: seed.fork("collector").guid(),
            secret: seed.fork("secret").base64(40),
            thumbprint: seed.fork("certificate").upper_hex(40),
            service_principal: chance.guid(),
            permissions: office_apps::collector_permissions(),
            directory_roles: vec!["Global Reader".to_owned(), "Security Reader".to_owned()],
        },
        responder: Collector {
            client_id: seed.fork("responder").guid(),
            secret: seed.fork("responder secret").base64(40),
            thumbprint: seed.fork("responder certificate").upper_hex(40),
            service_principal: chance.fork("responder").guid(),
            permissions: office_apps::responder_permissions(),
            directory_roles: vec![
                "Exchange Administrator".to_owned(),
                "User Administrator".to_owned(),
            ],
        },
        apps: Vec::new(),
        grants: Vec::new(),
        role_grants: Vec::new(),
        transport_rules: Vec::new(),
        connectors: Vec::new(),
        domains: vec![domain, initial_domain.clone()],
        id,
        name,
        initial_domain,
        offices,
        users,
        roles,
    };
    office_apps::install(&mut chance, &mut tenant, began);
    belongings::lay(&chance.fork("belongings"), &mut tenant, began);
    tenant
}

fn office(number: usize) -> Office {
    let (city, state, country, latitude, longitude) = CITIES[number % CITIES.len()];
    Office {
        name: city.to_owned(),
        place: Place {
            address: format!("198.51.100.{}", 10 + number % 150),
            city: city.to_owned(),
            state: state.to_owned(),
            country: country.to_owned(),
            network: 64496 + (number % 8) as u32,
            latitude,
            longitude,
        },
    }
}

fn hire(
    chance: &mut Seed,
    (tenant, index): (usize, usize),
    domain: &str,
    office: &Office,
    began: Micros,
) -> User {
    let given = GIVEN[(index + tenant * 5) % GIVEN.len()];
    let step = 7 + index / GIVEN.len();
    let surname = SURNAMES[(index * step + tenant * 3) % SURNAMES.len()];
    let round = index / (GIVEN.len() * SURNAMES.len());
    let (department, title) = POSTS[index % POSTS.len()];
    let alias = if round == 0 {
        format!("{}.{}", given.to_lowercase(), surname.to_lowercase())
    } else {
        format!("{}.{}{round}", given.to_lowercase(), surname.to_lowercase())
    };
    let upn = format!("{alias}@{domain}");
    let created = began - chance.between(200, 1500) * DAY;
    let display_name = format!("{given} {surname}");
    User {
        id: chance.guid(),
        puid: format!("10032{}", chance.upper_hex(11)),
        sid: format!(
            "S-1-5-21-{}-{}-{}-{}",
            1_100_000_000 + tenant * 7_919,
            2_400_000_000_u64 + tenant as u64 * 104_729,
            1_300_000_000 + tenant * 1_299,
            4_100_000 + index
        ),
        mailbox: Some(open_mailbox(chance, &display_name, &alias, &upn, created)),
        drive: Drive::default(),
        devices: vec![laptop(chance, index, created)],
        homes: homes(chance, (tenant, index), office),
        methods: vec![Method {
            id: chance.guid(),
            kind: "PhoneAppNotification".to_owned(),
            detail: format!("{given}'s iPhone"),
            registered: created,
        }],
        enabled: true,
        user_type: "Member",
        department: department.to_owned(),
        job_title: title.to_owned(),
        office: office.name.clone(),
        licences: vec![if index % 3 == 2 { "SPE_E3" } else { "SPE_E5" }.to_owned()],
        roles: if index == 0 {
            vec!["Global Administrator".to_owned()]
        } else {
            Vec::new()
        },
        synced: false,
        created,
        password_changed: began - chance.between(20, 170) * DAY,
        sessions_valid_from: began - chance.between(20, 170) * DAY,
        risk: None,
        given_name: given.to_owned(),
        surname: surname.to_owned(),
        display_name,
        upn,
    }
}

fn laptop(chance: &mut Seed, index: usize, registered: Micros) -> Device {
    Device {
        id: chance.guid(),
        object_id: chance.guid(),
        name: format!("NB-{:04}", 1_000 + index * 7),
        system: "Windows10".to_owned(),
        managed: true,
        trust: "Azure AD joined".to_owned(),
        enabled: true,
        registered,
    }
}

/// The line at home, and the telephone's network.
fn homes(chance: &mut Seed, (tenant, index): (usize, usize), office: &Office) -> Vec<Place> {
    let number = tenant * 97 + index;
    let home = if number < 250 {
        format!("192.0.2.{}", number + 1)
    } else {
        format!("2001:db8:a::{number:x}")
    };
    let near = |address: String, network: u32| Place {
        address,
        network,
        ..office.place.clone()
    };
    vec![
        near(home, 64504 + (chance.below(3) as u32)),
        near(
            format!("2001:db8:4000:{:x}::{:x}", 16 + tenant, 256 + index),
            64508,
        ),
    ]
}

fn roles(chance: &mut Seed, users: &[User]) -> Vec<DirectoryRole> {
    let mut roles = Vec::new();
    for (template_id, name, _) in ROLES {
        roles.push(DirectoryRole {
            id: chance.guid(),
            template_id,
            name,
            members: users
                .iter()
                .filter(|user| user.roles.iter().any(|role| role == name))
                .map(|user| user.id.clone())
                .collect(),
        });
    }
    roles
}

fn skus(people: u32) -> Vec<Sku> {
    let e3 = people / 3;
    vec![
        Sku {
            id: "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
            part_number: "SPE_E5",
            plans: E5_PLANS,
            bought: people,
            used: people - e3,
        },
        Sku {
            id: "05e9a617-0261-4cee-bb44-138d3ef5d965",
            part_number: "SPE_E3",
            plans: E3_PLANS,
            bought: people / 2 + 1,
            used: e3,
        },
    ]
}

fn settings(chance: &mut Seed, began: Micros) -> Settings {
    Settings {
        unified_audit: true,
        audit_disabled: false,
        audit_since: began - 900 * DAY,
        auto_forwarding: "Automatic",
        remote_domain_forwarding: true,
        security_defaults: false,
        policies: vec![
            (
                chance.guid(),
                "Require multifactor authentication".to_owned(),
                "enabled",
            ),
            (
                chance.guid(),
                "Block legacy authentication".to_owned(),
                "enabled",
            ),
            (
                chance.guid(),
                "Require compliant device for administrators".to_owned(),
                "enabledForReportingButNotEnforced",
            ),
        ],
        more_policies: Vec::new(),
        user_consent: true,
    }
}

//! A great many plausible records without a story, for load: cheap to make, and each named by a
//! number, so that whoever collects them can be asked which are missing and which came twice.

use std::fmt::Write;

use crate::office::found;
use crate::person::User;
use crate::record::{ContentType, Micros, Record, Stream};
use crate::seed::Seed;
use crate::story_time::{MINUTE, SECOND, bare};
use crate::truth::Truth;
use crate::world::{Tenant, World};

/// How much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkOptions {
    /// Tenants, at least one.
    pub tenants: usize,
    /// Records in all, spread over the tenants in turn.
    pub records: u64,
    /// Where chance comes from.
    pub seed: u64,
    /// The first moment.
    pub began: Micros,
    /// How much time the records are spread over.
    pub span: Micros,
}

/// Returns the id of the nth record of a seed, counted from nought.
#[must_use]
pub fn bulk_id(seed: u64, number: u64) -> String {
    format!(
        "{:08x}-b01c-4b01-8b01-{:012x}",
        seed & 0xffff_ffff,
        number & 0xffff_ffff_ffff
    )
}

/// Returns the number of an id that [`bulk_id`] made, and nothing of any other.
#[must_use]
pub fn bulk_number(seed: u64, id: &str) -> Option<u64> {
    let (head, number) = id.rsplit_once('-')?;
    let number = u64::from_str_radix(number, 16).ok()?;
    let own = bulk_id(seed, number);
    (own.rsplit_once('-')?.0 == head && own == id).then_some(number)
}

/// People in each tenant.
const PEOPLE: usize = 8;

impl World {
    /// Makes records of the unified audit log without a story.
    #[must_use]
    pub fn bulk(options: &BulkOptions) -> Self {
        let seed = Seed::new(options.seed);
        let tenants: Vec<Tenant> = (0..options.tenants.max(1))
            .map(|number| found(&seed, number, PEOPLE, options.began))
            .collect();
        let mut chance = seed.fork("bulk");
        let mut records = Vec::with_capacity(options.records as usize);
        for number in 0..options.records {
            let tenant = (number % tenants.len() as u64) as usize;
            let time = options.began + chance.between(0, options.span.max(1));
            let (stream, body) = body(&mut chance, &tenants[tenant], options.seed, number, time);
            records.push(Record {
                tenant,
                stream: Stream::Unified(stream),
                id: bulk_id(options.seed, number),
                time,
                available: time + chance.between(2, 60) * MINUTE + chance.between(0, 60) * SECOND,
                body,
            });
        }
        records.sort_by_cached_key(|record| (record.available, record.id.clone()));
        Self {
            seed: options.seed,
            story: String::new(),
            tenants,
            records,
            began: options.began,
            until: options.began + options.span,
            truth: Truth::default(),
            strokes: Vec::new(),
        }
    }
}

/// What every record begins with.
fn head(
    out: &mut String,
    tenant: &Tenant,
    id: &str,
    time: Micros,
    operation: &str,
    record_type: u16,
    workload: &str,
) {
    let _ = write!(
        out,
        r#"{{"CreationTime":"{}","Id":"{id}","Operation":"{operation}","OrganizationId":"{}","RecordType":{record_type},"UserType":0,"Version":1,"Workload":"{workload}""#,
        bare(time),
        tenant.id,
    );
}

fn body(
    chance: &mut Seed,
    tenant: &Tenant,
    seed: u64,
    number: u64,
    time: Micros,
) -> (ContentType, String) {
    let mut out = String::with_capacity(1536);
    let id = bulk_id(seed, number);
    let user = chance.pick(&tenant.users);
    let (content, operation, kind, workload) = match chance.below(100) {
        0..45 => (ContentType::Exchange, "MailItemsAccessed", 50, "Exchange"),
        45..65 => (
            ContentType::AzureActiveDirectory,
            "UserLoggedIn",
            15,
            "AzureActiveDirectory",
        ),
        65..85 => (ContentType::SharePoint, "FileAccessed", 6, "SharePoint"),
        85..95 => (ContentType::Exchange, "Set-Mailbox", 1, "Exchange"),
        _ => (
            ContentType::General,
            "MessageCreatedHasLink",
            25,
            "MicrosoftTeams",
        ),
    };
    head(&mut out, tenant, &id, time, operation, kind, workload);
    let address = &user.homes[0].address;
    match kind {
        50 => mail(&mut out, chance, tenant, user),
        15 => sign_in(&mut out, chance, tenant, user, &id),
        6 => file(&mut out, chance, user),
        1 => cmdlet(&mut out, tenant, user),
        _ => {
            let _ = write!(
                out,
                r#","UserId":"{}","UserKey":"{}","ClientIP":"{address}","CommunicationType":"GroupChat","ChatThreadId":"19:{}@thread.v2","MessageId":"{}","ItemName":"{}""#,
                user.upn,
                user.id,
                chance.hex(32),
                time / 1000,
                filler(chance, 600),
            );
        }
    }
    out.push('}');
    (content, out)
}

fn mail(out: &mut String, chance: &mut Seed, tenant: &Tenant, user: &User) {
    let Some(mailbox) = &user.mailbox else { return };
    let inbox = &mailbox.folders[0];
    let _ = write!(
        out,
        r#","ResultStatus":"Succeeded","UserId":"{upn}","UserKey":"{puid}","AppId":"00000002-0000-0ff1-ce00-000000000000","ClientAppId":"9199bf20-a13f-4107-85dc-02114787ef48","ClientIPAddress":"{address}","ClientInfoString":"Client=OWA;Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36;","ExternalAccess":false,"InternalLogonType":0,"LogonType":0,"LogonUserSid":"{sid}","MailboxGuid":"{guid}","MailboxOwnerSid":"{sid}","MailboxOwnerUPN":"{upn}","OrganizationName":"{domain}","OriginatingServer":"AM6PR07MB1234 (15.20.8534.021)\r\n","SessionId":"{session}","OperationProperties":[{{"Name":"MailAccessType","Value":"Bind"}},{{"Name":"IsThrottled","Value":"False"}}],"OperationCount":1,"Folders":[{{"Id":"{folder}","Path":"\\Inbox","FolderItems":[{{"InternetMessageId":"<{message}@mail.harbour-steel.example>","SizeInBytes":{size}}}]}}]"#,
        upn = user.upn,
        puid = user.puid,
        address = user.homes[0].address,
        sid = user.sid,
        guid = mailbox.guid,
        domain = tenant.initial_domain,
        session = chance.guid(),
        folder = inbox.id,
        message = chance.hex(24),
        size = chance.between(9_000, 90_000),
    );
}

fn sign_in(out: &mut String, chance: &mut Seed, tenant: &Tenant, user: &User, id: &str) {
    let _ = write!(
        out,
        r#","ResultStatus":"Success","UserId":"{upn}","UserKey":"{user}","ClientIP":"{address}","ActorIpAddress":"{address}","ObjectId":"00000002-0000-0ff1-ce00-000000000000","ApplicationId":"4765445b-32c6-49b0-83e6-1d93765276ca","AzureActiveDirectoryEventType":1,"ErrorNumber":"0","ModifiedProperties":[],"SupportTicketId":"","Actor":[{{"ID":"{user}","Type":0}},{{"ID":"{upn}","Type":5}}],"ActorContextId":"{tenant}","TargetContextId":"{tenant}","Target":[{{"ID":"00000002-0000-0ff1-ce00-000000000000","Type":0}}],"InterSystemsId":"{correlation}","IntraSystemId":"{id}","ExtendedProperties":[{{"Name":"ResultStatusDetail","Value":"Success"}},{{"Name":"UserAgent","Value":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"}},{{"Name":"RequestType","Value":"OAuth2:Authorize"}}],"DeviceProperties":[{{"Name":"OS","Value":"Windows10"}},{{"Name":"BrowserType","Value":"Edge"}},{{"Name":"SessionId","Value":"{session}"}}]"#,
        upn = user.upn,
        user = user.id,
        address = user.homes[0].address,
        tenant = tenant.id,
        correlation = chance.guid(),
        session = chance.guid(),
    );
}

fn file(out: &mut String, chance: &mut Seed, user: &User) {
    let name = chance.between(10_000, 99_999);
    let _ = write!(
        out,
        r#","UserId":"{upn}","UserKey":"i:0h.f|membership|{puid}@live.com","ClientIP":"{address}","EventSource":"SharePoint","ItemType":"File","ListId":"{list}","ListItemUniqueId":"{item}","Site":"{site}","WebId":"{web}","CorrelationId":"{correlation}","UserAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36","HighPriorityMediaProcessing":false,"SourceFileExtension":"xlsx","SourceFileName":"Offer {name}.xlsx","SourceRelativeUrl":"Shared Documents/Sales","SiteUrl":"https://office.sharepoint.example/sites/Office/","ObjectId":"https://office.sharepoint.example/sites/Office/Shared Documents/Sales/Offer {name}.xlsx""#,
        upn = user.upn,
        puid = user.puid,
        address = user.homes[0].address,
        list = chance.guid(),
        item = chance.guid(),
        site = chance.guid(),
        web = chance.guid(),
        correlation = chance.guid(),
    );
}

fn cmdlet(out: &mut String, tenant: &Tenant, user: &User) {
    let system = r"NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)";
    let alias = user.upn.split('@').next().unwrap_or_default();
    let object = format!(
        "EURPR07A004.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/{}/{alias}",
        tenant.initial_domain
    );
    let _ = write!(
        out,
        r#","ResultStatus":"True","UserId":"{system}","UserKey":"{system}","ObjectId":"{object}","AppId":"","ClientAppId":"","ExternalAccess":true,"OrganizationName":"{domain}","OriginatingServer":"DB6PR07MB3206 (15.20.8534.021)","Parameters":[{{"Name":"Identity","Value":"{object}"}},{{"Name":"Arbitration","Value":"True"}},{{"Name":"Force","Value":"True"}},{{"Name":"ProhibitSendQuota","Value":"99 GB (106,300,440,576 bytes)"}},{{"Name":"ProhibitSendReceiveQuota","Value":"100 GB (107,374,182,400 bytes)"}},{{"Name":"RecoverableItemsQuota","Value":"30 GB (32,212,254,720 bytes)"}},{{"Name":"RecoverableItemsWarningQuota","Value":"20 GB (21,474,836,480 bytes)"}},{{"Name":"UseDatabaseQuotaDefaults","Value":"False"}}]"#,
        domain = tenant.initial_domain,
    );
}

/// Some text, as long as a message's.
fn filler(chance: &mut Seed, length: usize) -> String {
    chance.base64(length)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::story_time::DAY;

    #[test]
    fn every_record_is_json_and_named_by_its_number() {
        let options = BulkOptions {
            tenants: 3,
            records: 3_000,
            seed: 9,
            began: 1_772_409_600_000_000,
            span: DAY,
        };
        let world = World::bulk(&options);
        let mut numbers = BTreeSet::new();
        let mut bytes = 0;
        for record in &world.records {
            let body: serde_json::Value =
                serde_json::from_str(&record.body).expect("a body is JSON");
            assert_eq!(body["Id"], record.id);
            assert_eq!(body["OrganizationId"], world.tenants[record.tenant].id);
            assert!(record.available >= record.time);
            numbers.insert(bulk_number(9, &record.id).expect("its id has a number"));
            bytes += record.body.len();
        }
        assert_eq!(numbers.len(), 3_000);
        assert_eq!(numbers.last(), Some(&2_999));
        assert!((900..1_600).contains(&(bytes / 3_000)), "{}", bytes / 3_000);
        assert!(bulk_number(8, &bulk_id(9, 5)).is_none());
    }
}

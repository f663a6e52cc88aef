//! Names that nobody has: of companies, people, partners and what they write about.

/// Companies: name and the word in their domains.
pub(crate) const COMPANIES: &[(&str, &str)] = &[
    ("Northquay Logistics", "northquay"),
    ("Tallow and Finch", "tallowfinch"),
    ("Brightwater Foods", "brightwater-foods"),
    ("Ostrava Instruments", "ostrava-instruments"),
    ("Fenland Timber", "fenland-timber"),
    ("Meridian Chartering", "meridian-chartering"),
    ("Copperline Electric", "copperline"),
    ("Sandmoor Textiles", "sandmoor"),
    ("Aldertree Clinics", "aldertree"),
    ("Greywharf Legal", "greywharf"),
];

/// First names.
pub(crate) const GIVEN: &[&str] = &[
    "Ada", "Bram", "Carla", "Dmitri", "Elin", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Katya",
    "Leon", "Mira", "Nils", "Olga", "Pavel", "Rosa", "Samir", "Tilda", "Viktor", "Wanda", "Yusuf",
    "Zoe", "Anton",
];

/// Family names.
pub(crate) const SURNAMES: &[&str] = &[
    "Abelson", "Brandt", "Castell", "Dahl", "Ekberg", "Fontaine", "Grau", "Holm", "Iversen",
    "Janssen", "Kowal", "Lindgren", "Moreau", "Novak", "Okonjo", "Petrov", "Quist", "Rosner",
    "Sandoval", "Tremblay", "Ulrich", "Vance", "Wirth", "Ybarra", "Zeller",
];

/// Departments and titles, in the order in which a company hires.
pub(crate) const POSTS: &[(&str, &str)] = &[
    ("IT", "Head of IT"),
    ("Finance", "Chief Financial Officer"),
    ("Finance", "Accounts Payable"),
    ("Management", "Managing Director"),
    ("Sales", "Account Manager"),
    ("Logistics", "Dispatcher"),
    ("Human Resources", "HR Manager"),
    ("IT", "Systems Engineer"),
    ("Sales", "Sales Assistant"),
    ("Logistics", "Warehouse Lead"),
    ("Finance", "Controller"),
    ("Legal", "Counsel"),
    ("Customer Service", "Agent"),
    ("Purchasing", "Buyer"),
];

/// Cities with an office: city, state, country, degrees north and east.
pub(crate) const CITIES: &[(&str, &str, &str, f64, f64)] = &[
    ("Gothenburg", "Vastra Gotaland", "SE", 57.7089, 11.9746),
    ("Rotterdam", "South Holland", "NL", 51.9244, 4.4777),
    ("Gdansk", "Pomerania", "PL", 54.352, 18.6466),
    ("Antwerp", "Flanders", "BE", 51.2194, 4.4025),
    ("Bremen", "Bremen", "DE", 53.0793, 8.8017),
];

/// Somebody outside: name, address, and what letters from there are about; `#` becomes a number.
pub(crate) type Partner = (&'static str, &'static str, &'static [&'static str]);

/// Others one writes with.
pub(crate) const PARTNERS: &[Partner] = &[
    (
        "Marta Quill",
        "marta.quill@harbour-steel.example",
        &[
            "Question about pallet #",
            "Invoice # attached",
            "Delivery note # signed",
            "Prices from April",
        ],
    ),
    (
        "Harbour Steel Billing",
        "billing@harbour-steel.example",
        &[
            "Invoice # attached",
            "Statement of account #",
            "Credit note #",
        ],
    ),
    (
        "Coastline Customs",
        "customs@coastline-brokers.example",
        &[
            "Customs papers for container #",
            "Container # released",
            "Missing papers for container #",
        ],
    ),
    (
        "Ilse Bakker",
        "ilse.bakker@delta-shipping.example",
        &[
            "Booking # confirmed",
            "Vessel delayed, booking #",
            "Rates for May",
        ],
    ),
    (
        "Quayside Bank",
        "noreply@quayside-bank.example",
        &["Payment advice #", "Your statement is ready"],
    ),
    (
        "Tomasz Wrona",
        "t.wrona@baltic-parts.example",
        &[
            "Quotation # for your review",
            "Order # shipped",
            "Minutes of the call",
        ],
    ),
    (
        "Fairway Insurance",
        "claims@fairway-insurance.example",
        &["Claim #: next steps", "Policy # renewed"],
    ),
    (
        "Oskar Lund",
        "oskar.lund@nordic-paper.example",
        &[
            "Order # for week 14",
            "Invoice #, one question",
            "Complaint about delivery #",
        ],
    ),
    (
        "Vela Travel",
        "bookings@vela-travel.example",
        &[
            "Travel plan #",
            "Booking # confirmed",
            "Your seat on flight #",
        ],
    ),
    (
        "Priya Raman",
        "priya.raman@lantern-software.example",
        &[
            "Contract renewal, draft #",
            "Meeting on Thursday",
            "Licence report #",
        ],
    ),
    (
        "The Harbour Letter",
        "news@harbour-letter.example",
        &["Your weekly digest #", "Harbour news #"],
    ),
    (
        "Trade Weekly",
        "digest@trade-weekly.example",
        &["Your weekly digest #", "Five tariffs to watch"],
    ),
    (
        "Kestrel Hosting",
        "support@kestrel-hosting.example",
        &[
            "Ticket # was updated",
            "Maintenance on Sunday",
            "Ticket # was closed",
        ],
    ),
    (
        "Jun Arai",
        "jun.arai@pacific-valves.example",
        &["Quotation # for your review", "Samples of batch #"],
    ),
];

/// What colleagues write to one another about, and to others.
pub(crate) const SUBJECTS: &[&str] = &[
    "Meeting on Thursday",
    "Rota for week #",
    "Minutes of the call",
    "Question about order #",
    "Offer #, please check",
    "Holiday plan",
    "Pallet # is damaged",
    "Draft for container #",
    "Lunch?",
];

/// Files: folder and name; `#` becomes a number.
pub(crate) const FILES: &[(&str, &str, &str)] = &[
    ("Shared Documents/Plans", "Rota week #", "xlsx"),
    ("Shared Documents/Contracts", "Frame contract #", "docx"),
    ("Shared Documents/Finance", "Open items #", "xlsx"),
    ("Shared Documents/Finance", "Supplier bank details", "xlsx"),
    ("Shared Documents/Sales", "Offer #", "pdf"),
    ("Shared Documents/Templates", "Letterhead", "docx"),
];

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

/// Others one writes with: who, their address and what they are.
pub(crate) const PARTNERS: &[(&str, &str)] = &[
    ("Marta Quill", "marta.quill@harbour-steel.example"),
    ("Harbour Steel Billing", "billing@harbour-steel.example"),
    ("Coastline Customs", "customs@coastline-brokers.example"),
    ("Ilse Bakker", "ilse.bakker@delta-shipping.example"),
    ("Quayside Bank", "noreply@quayside-bank.example"),
    ("Tomasz Wrona", "t.wrona@baltic-parts.example"),
    ("Fairway Insurance", "claims@fairway-insurance.example"),
    ("Oskar Lund", "oskar.lund@nordic-paper.example"),
    ("Vela Travel", "bookings@vela-travel.example"),
    ("Priya Raman", "priya.raman@lantern-software.example"),
    ("The Harbour Letter", "news@harbour-letter.example"),
    ("Trade Weekly", "digest@trade-weekly.example"),
    ("Kestrel Hosting", "support@kestrel-hosting.example"),
    ("Jun Arai", "jun.arai@pacific-valves.example"),
];

/// Subjects; `#` becomes a number.
pub(crate) const SUBJECTS: &[&str] = &[
    "Delivery note # signed",
    "Payment advice #",
    "Quotation # for your review",
    "Booking # confirmed",
    "Order # shipped",
    "Meeting on Thursday",
    "Customs papers for container #",
    "Statement of account #",
    "Your weekly digest #",
    "Contract renewal, draft #",
    "Question about pallet #",
    "Ticket # was updated",
    "Minutes of the call",
    "Travel plan #",
    "Invoice # attached",
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

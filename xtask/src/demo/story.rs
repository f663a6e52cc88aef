//! What happened at Fabrikam Logistics in the week of 9 March 2026.
//!
//! Every act writes the records that Microsoft would have written, and notes beside them
//! which messages were touched: the export and the expected answers come from one place,
//! while the product sees only the export.

use super::audit::{self, Client, Ending};
use super::mailbox::{Message, Moment, Person, message, old_mail};
use super::seed::Seed;
use super::told::{SignIn, Told, Touch};

/// The address of the intruder's proxy and browser.
pub(super) const INTRUDER_V4: &str = "203.0.113.47";
/// The address of the intruder's Outlook.
pub(super) const INTRUDER_V6: &str = "2001:db8:4f:11::1d";
/// The application that Nora was made to consent to.
pub(super) const ROGUE_APP: &str = "b7a4c2d8-35e1-4c0f-9a6d-2f81e0c754b9";
const BACKGROUND_APP: &str = "0d9e61b4-7c52-4f3a-8e27-91a5c4d3f608";
const OFFICE: &str = "198.51.100.23";
const EXCHANGE_REST: [&str; 2] = ["2603:10a6:20b:7a::3c", "40.126.41.96"];
const OWNER_AGENT: &str = "Client=OWA;Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/134.0.0.0 Edg/134.0.0.0;";
const INTRUDER_AGENT: &str =
    "Client=OWA;Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0;";

/// Tells the story.
pub(super) fn told() -> Told {
    let mut stage = Stage::set();
    stage.ordinary_days();
    stage.background_reads();
    stage.lure_and_sign_in();
    stage.reading_in_the_browser();
    stage.hiding_rule();
    stage.outlook_copies_the_folders();
    stage.consent_and_bulk_read();
    stage.changed_invoice();
    stage.deleted_reply();
    stage.clean_up();
    stage
        .told
        .records
        .sort_by(|one, other| (one.time, &one.id).cmp(&(other.time, &other.id)));
    stage
        .told
        .deliveries
        .sort_by_key(|message| message.received);
    stage
        .told
        .sign_ins
        .sort_by(|one, other| (one.time, &one.id).cmp(&(other.time, &other.id)));
    stage.told
}

/// The people, their mail and what was told so far.
struct Stage {
    seed: Seed,
    nora: Person,
    daniel: Person,
    nora_mail: Vec<Message>,
    daniel_mail: Vec<Message>,
    nora_owner: Client,
    daniel_owner: Client,
    browser: Client,
    told: Told,
}

impl Stage {
    fn set() -> Self {
        let mut seed = Seed::new(20_260_310);
        let nora = Person::new(
            &mut seed,
            "nora.lindqvist",
            "Nora Lindqvist",
            &[
                ("\\Inbox", "AAAAAAEMAAAB"),
                ("\\Inbox\\Suppliers", "AAAh7c2SAAAB"),
                ("\\Sent Items", "AAAAAAEJAAAB"),
                ("\\Deleted Items", "AAAAAAEKAAAB"),
                ("\\Drafts", "AAAAAAEPAAAB"),
                ("\\RSS Feeds", "AAAh7c2TAAAB"),
            ],
        );
        let daniel = Person::new(
            &mut seed,
            "daniel.okafor",
            "Daniel Okafor",
            &[
                ("\\Inbox", "AAAAAAEMAAAB"),
                ("\\Sent Items", "AAAAAAEJAAAB"),
            ],
        );
        let mut nora_mail = old_mail(&mut seed, &nora, "\\Inbox", 34);
        nora_mail.extend(old_mail(&mut seed, &nora, "\\Inbox\\Suppliers", 17));
        nora_mail.extend(old_mail(&mut seed, &nora, "\\Sent Items", 14));
        let daniel_mail = old_mail(&mut seed, &daniel, "\\Inbox", 12);
        let nora_owner = person_client(&mut seed, OFFICE, OWNER_AGENT);
        let daniel_owner = person_client(&mut seed, OFFICE, OWNER_AGENT);
        let browser = person_client(&mut seed, INTRUDER_V4, INTRUDER_AGENT);
        let deliveries = nora_mail.iter().chain(&daniel_mail).cloned().collect();
        let told = Told {
            deliveries,
            ..Told::default()
        };
        Self {
            seed,
            nora,
            daniel,
            nora_mail,
            daniel_mail,
            nora_owner,
            daniel_owner,
            browser,
            told,
        }
    }

    /// The owners sign in at the office and read some of their mail.
    fn ordinary_days(&mut self) {
        for day in [9, 10, 12, 13] {
            let morning = Moment::of(day, 7, 2, 11).plus(self.seed.below(1_500) as u32);
            let client = self.nora_owner.clone();
            self.sign_in(morning, Who::Nora, &client, Ending::Success);
            for index in 0..3 {
                let from = self.seed.below(30);
                self.bind(
                    morning.plus(900 + index * 2_400),
                    Who::Nora,
                    &client,
                    from..from + 3,
                );
            }
            let client = self.daniel_owner.clone();
            self.sign_in(morning.plus(1_217), Who::Daniel, &client, Ending::Success);
            let from = self.seed.below(9);
            self.bind(morning.plus(1_800), Who::Daniel, &client, from..from + 2);
        }
        let owner = self.nora_owner.clone();
        self.sign_in(
            Moment::of(9, 12, 40, 3),
            Who::Nora,
            &owner,
            Ending::WrongPassword,
        );
    }

    /// Microsoft's own services touch both mailboxes: nobody read anything here.
    fn background_reads(&mut self) {
        for hour in 0..30 {
            let time = Moment::of(9, 3, 14, 9).plus(hour * 11_000);
            let client = Client {
                address: EXCHANGE_REST[hour as usize % 2].to_string(),
                info: "Client=REST;Client=RESTSystem;;".to_string(),
                session: String::new(),
                app: BACKGROUND_APP.to_string(),
                background: true,
            };
            let who = if hour % 3 == 0 {
                Who::Daniel
            } else {
                Who::Nora
            };
            let from = self.seed.below(10);
            self.bind(time, who, &client, from..from + 1);
        }
    }

    /// A mail leads Nora to a page in the middle, which passes her sign-in on and keeps it.
    fn lure_and_sign_in(&mut self) {
        let to = ("docs@harbour-stee1.example".to_string(), self.nora.upn());
        let lure = message(
            &mut self.seed,
            "Harbour Steel shared \"Statement Q1\" with you",
            "\\Inbox",
            to,
            Moment::of(10, 9, 12, 41),
        );
        self.told.deliveries.push(lure);
        let browser = self.browser.clone();
        self.sign_in(
            Moment::of(10, 9, 31, 7),
            Who::Nora,
            &browser,
            Ending::Success,
        );
    }

    /// The intruder looks for invoices, in three folders and seven records.
    fn reading_in_the_browser(&mut self) {
        let browser = self.browser.clone();
        let start = Moment::of(10, 9, 33, 2);
        for (index, range) in [0..6, 4..9, 34..40, 40..44, 51..55].into_iter().enumerate() {
            self.bind(start.plus(index as u32 * 171), Who::Nora, &browser, range);
        }
        // One record may name several folders: Exchange gathers two minutes of reading.
        self.bind(start.plus(1_100), Who::Nora, &browser, 32..36);
        self.bind(start.plus(1_460), Who::Nora, &browser, 49..53);
    }

    /// A rule hides whatever the supplier answers.
    fn hiding_rule(&mut self) {
        let browser = self.browser.clone();
        let parameters = [
            ("Name", "."),
            (
                "SubjectOrBodyContainsWords",
                "harbour steel;88213;bank details",
            ),
            ("MoveToFolder", "RSS Feeds"),
            ("MarkAsRead", "True"),
            ("StopProcessingRules", "True"),
        ];
        let record = audit::cmdlet(
            &mut self.seed,
            Moment::of(10, 9, 58, 44),
            "New-InboxRule",
            (&self.nora, &browser),
            ("nora.lindqvist\\.", &parameters),
        );
        self.told.records.push(record);
    }

    /// The intruder's Outlook copies whole folders: the log names folders, not messages.
    fn outlook_copies_the_folders(&mut self) {
        let mut outlook = person_client(&mut self.seed, INTRUDER_V6, "Client=MSExchangeRPC");
        outlook.info = "Client=MSExchangeRPC".to_string();
        self.sign_in(
            Moment::of(10, 10, 4, 51),
            Who::Nora,
            &outlook,
            Ending::Success,
        );
        for index in 0..4 {
            let time = Moment::of(10, 10, 6, 20).plus(index as u32 * 13);
            let folder = &self.nora.folders[index];
            let record = audit::sync(&mut self.seed, time, &self.nora, &outlook, folder);
            self.told.records.push(record);
            self.told.touches.push(Touch {
                time,
                mailbox: self.nora.upn(),
                message: None,
                folder: folder.name().to_string(),
                kind: "sync",
                client: outlook.clone(),
            });
        }
    }

    /// An application with a harmless name reads nearly everything through Graph, so that
    /// the address is Microsoft's and only the client application tells whose hand it was.
    fn consent_and_bulk_read(&mut self) {
        let permissions = "[] => [[Id: x, PrincipalId: nora.lindqvist, ConsentType: Principal, Scope: Mail.Read offline_access]]; ";
        let changes = [
            ("ConsentContext.IsAdminConsent", "False"),
            ("ConsentContext.OnBehalfOfAll", "False"),
            ("ConsentAction.Permissions", permissions),
            ("TargetId.ServicePrincipalNames", ROGUE_APP),
        ];
        let record = audit::directory(
            &mut self.seed,
            Moment::of(10, 11, 20, 33),
            "Consent to application.",
            (&self.nora, ROGUE_APP),
            &changes,
        );
        self.told.records.push(record);
        for (index, start) in [0, 9, 18, 27, 36, 45, 54].into_iter().enumerate() {
            let client = Client {
                address: EXCHANGE_REST[index % 2].to_string(),
                info: "Client=REST;;".to_string(),
                session: String::new(),
                app: ROGUE_APP.to_string(),
                background: false,
            };
            self.bind(
                Moment::of(10, 11, 24, 8).plus(index as u32 * 6),
                Who::Nora,
                &client,
                start..start + 9,
            );
        }
    }

    /// The invoice goes out once more, with another bank account.
    fn changed_invoice(&mut self) {
        let browser = self.browser.clone();
        let to = (
            self.nora.upn(),
            "treasury@northwind-freight.example".to_string(),
        );
        let subject = "RE: Invoice 88213 - updated bank details";
        let mut invoice = message(
            &mut self.seed,
            subject,
            "\\Drafts",
            to,
            Moment::of(11, 8, 14, 57),
        );
        self.single(Moment::of(11, 8, 11, 30), "Create", &browser, &invoice);
        invoice.folder = "\\Sent Items";
        self.single(Moment::of(11, 8, 14, 55), "Send", &browser, &invoice);
        self.group(
            Moment::of(11, 8, 16, 2),
            ("SoftDelete", None),
            &browser,
            &invoice,
        );
        self.told.deliveries.push(invoice);
    }

    /// The answer is caught before Nora sees it.
    fn deleted_reply(&mut self) {
        let browser = self.browser.clone();
        let to = (
            "treasury@northwind-freight.example".to_string(),
            self.nora.upn(),
        );
        let subject = "RE: RE: Invoice 88213 - updated bank details";
        let mut reply = message(
            &mut self.seed,
            subject,
            "\\RSS Feeds",
            to,
            Moment::of(11, 9, 2, 16),
        );
        self.told.deliveries.push(reply.clone());
        let record = audit::bind(
            &mut self.seed,
            Moment::of(11, 9, 5, 40),
            &self.nora,
            &browser,
            &[&reply],
        );
        self.told.records.push(record);
        self.note(Moment::of(11, 9, 5, 40), &browser, "bind", &reply);
        self.group(
            Moment::of(11, 9, 7, 12),
            ("MoveToDeletedItems", Some("\\Deleted Items")),
            &browser,
            &reply,
        );
        reply.folder = "\\Deleted Items";
        self.group(
            Moment::of(11, 9, 7, 49),
            ("HardDelete", None),
            &browser,
            &reply,
        );
    }

    /// The bank calls, the password is reset, the rule goes.
    fn clean_up(&mut self) {
        let whose = self.nora.upn();
        let reset = audit::directory(
            &mut self.seed,
            Moment::of(12, 14, 3, 25),
            "Reset user password.",
            (&self.daniel, &whose),
            &[],
        );
        let owner = self.nora_owner.clone();
        let removed = audit::cmdlet(
            &mut self.seed,
            Moment::of(12, 14, 21, 10),
            "Remove-InboxRule",
            (&self.nora, &owner),
            ("nora.lindqvist\\.", &[("Identity", "nora.lindqvist\\.")]),
        );
        self.told.records.extend([reset, removed]);
    }

    fn sign_in(&mut self, time: Moment, who: Who, client: &Client, ending: Ending) {
        let owner = if who == Who::Nora {
            &self.nora
        } else {
            &self.daniel
        };
        let record = audit::sign_in(&mut self.seed, time, owner, client, ending);
        self.told.sign_ins.push(SignIn {
            id: record.id.clone(),
            time,
            user: (owner.upn(), owner.name),
            user_id: owner.object_id.clone(),
            client: client.clone(),
            ending,
        });
        self.told.records.push(record);
    }

    fn bind(&mut self, time: Moment, who: Who, client: &Client, range: std::ops::Range<usize>) {
        let (owner, mail) = if who == Who::Nora {
            (&self.nora, &self.nora_mail)
        } else {
            (&self.daniel, &self.daniel_mail)
        };
        let messages: Vec<&Message> = mail[range].iter().collect();
        let record = audit::bind(&mut self.seed, time, owner, client, &messages);
        let mailbox = owner.upn();
        self.told.touches.extend(
            messages
                .into_iter()
                .map(|message| touch(time, &mailbox, client, "bind", message)),
        );
        self.told.records.push(record);
    }

    fn single(
        &mut self,
        time: Moment,
        operation: &'static str,
        client: &Client,
        message: &Message,
    ) {
        let record = audit::single(
            &mut self.seed,
            time,
            operation,
            (&self.nora, client),
            message,
        );
        self.told.records.push(record);
        self.note(
            time,
            client,
            if operation == "Send" {
                "send"
            } else {
                "create"
            },
            message,
        );
    }

    fn group(
        &mut self,
        time: Moment,
        operation: (&'static str, Option<&str>),
        client: &Client,
        message: &Message,
    ) {
        let record = audit::group(
            &mut self.seed,
            time,
            operation,
            (&self.nora, client),
            &[message],
        );
        self.told.records.push(record);
        let kind = if operation.0 == "MoveToDeletedItems" {
            "move"
        } else {
            "delete"
        };
        self.note(time, client, kind, message);
    }

    fn note(&mut self, time: Moment, client: &Client, kind: &'static str, message: &Message) {
        self.told
            .touches
            .push(touch(time, &self.nora.upn(), client, kind, message));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Nora,
    Daniel,
}

fn person_client(seed: &mut Seed, address: &str, info: &str) -> Client {
    Client {
        address: address.to_string(),
        info: info.to_string(),
        session: seed.guid(),
        app: String::new(),
        background: false,
    }
}

fn touch(
    time: Moment,
    mailbox: &str,
    client: &Client,
    kind: &'static str,
    message: &Message,
) -> Touch {
    Touch {
        time,
        mailbox: mailbox.to_string(),
        message: Some(message.internet_message_id.clone()),
        folder: message.folder.to_string(),
        kind,
        client: client.clone(),
    }
}

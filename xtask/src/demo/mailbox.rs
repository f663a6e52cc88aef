//! The invented people, their mailboxes and the messages in them.

use super::seed::Seed;

/// The tenant's domain.
pub(super) const DOMAIN: &str = "fabrikam-logistics.example";

/// A moment of the story: seconds since 2026-03-09T00:00:00Z, a Monday.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(pub(super) u32);

impl Moment {
    /// Returns the moment on a day of March 2026.
    pub(super) fn of(day: u32, hour: u32, minute: u32, second: u32) -> Self {
        Self((((day - 9) * 24 + hour) * 60 + minute) * 60 + second)
    }

    /// Returns the moment that much later.
    pub(super) fn plus(self, seconds: u32) -> Self {
        Self(self.0 + seconds)
    }

    /// Returns it as `2026-03-10T09:31:07`.
    pub(super) fn iso(self) -> String {
        let (day, hour, minute, second) = self.parts();
        format!("2026-03-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }

    /// Returns it as `3/10/2026 9:31:07 AM`, the way PowerShell prints it in US English.
    pub(super) fn american(self) -> String {
        let (day, hour, minute, second) = self.parts();
        let half = if hour < 12 { "AM" } else { "PM" };
        let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
        format!("3/{day}/2026 {hour}:{minute:02}:{second:02} {half}")
    }

    fn parts(self) -> (u32, u32, u32, u32) {
        (
            9 + self.0 / 86_400,
            self.0 / 3_600 % 24,
            self.0 / 60 % 60,
            self.0 % 60,
        )
    }
}

/// A person with a mailbox.
pub(super) struct Person {
    /// The name before the `@`.
    pub(super) local: &'static str,
    /// The name that others see.
    pub(super) name: &'static str,
    /// The object id.
    pub(super) object_id: String,
    /// The PUID, which Exchange gives as the user key.
    pub(super) puid: String,
    /// The security id.
    pub(super) sid: String,
    /// The id of the mailbox.
    pub(super) mailbox_id: String,
    /// The folders that matter here.
    pub(super) folders: Vec<Folder>,
}

impl Person {
    /// Makes a person up.
    pub(super) fn new(
        seed: &mut Seed,
        local: &'static str,
        name: &'static str,
        folders: &[(&'static str, &str)],
    ) -> Self {
        let store = seed.letters(46);
        let folder = |&(path, tail): &(&'static str, &str)| Folder {
            path,
            id: format!("LgAAAAD{store}{tail}"),
        };
        Self {
            local,
            name,
            object_id: seed.guid(),
            puid: format!("10032{:011X}", seed.next() & 0xFFF_FFFF_FFFF),
            sid: format!(
                "S-1-5-21-3051847266-1190482735-2768804411-{}",
                4_100_000 + seed.below(900_000)
            ),
            mailbox_id: seed.guid(),
            folders: folders.iter().map(folder).collect(),
        }
    }

    /// Returns the user principal name.
    pub(super) fn upn(&self) -> String {
        format!("{}@{DOMAIN}", self.local)
    }

    /// Returns the folder of that path.
    pub(super) fn folder(&self, path: &str) -> &Folder {
        self.folders
            .iter()
            .find(|folder| folder.path == path)
            .expect("the story names only folders that it made")
    }
}

/// A folder of a mailbox.
pub(super) struct Folder {
    /// Its path, `\Inbox\Suppliers`.
    pub(super) path: &'static str,
    /// Exchange's id of it.
    pub(super) id: String,
}

impl Folder {
    /// Returns the last part of the path.
    pub(super) fn name(&self) -> &'static str {
        self.path.rsplit('\\').next().unwrap_or(self.path)
    }
}

/// A message of a mailbox.
#[derive(Clone)]
pub(super) struct Message {
    /// The Message-ID.
    pub(super) internet_message_id: String,
    /// Exchange's id of the item.
    pub(super) item_id: String,
    /// The subject.
    pub(super) subject: String,
    /// The path of the folder.
    pub(super) folder: &'static str,
    /// The sender's address.
    pub(super) sender: String,
    /// The recipient's address.
    pub(super) recipient: String,
    /// When it was received.
    pub(super) received: Moment,
    /// How large it is.
    pub(super) size_bytes: usize,
}

/// The other parties of Fabrikam's mail.
const PARTNERS: &[&str] = &[
    "billing@harbour-steel.example",
    "dispatch@northwind-freight.example",
    "treasury@northwind-freight.example",
    "customs@coastline-brokers.example",
    "noreply@bank-of-the-quay.example",
    "planning@alpine-cold-storage.example",
];

const SUBJECTS: &[&str] = &[
    "Invoice {} for steel coils",
    "Customs papers for container FBLU {}",
    "RE: Rate sheet {}",
    "Payment advice {}",
    "Berth booking Rotterdam {}",
    "Delivery note {} signed",
    "Query on credit note {}",
    "Statement of account {}",
];

/// Returns messages that were in a folder when the story begins, oldest first.
pub(super) fn old_mail(
    seed: &mut Seed,
    owner: &Person,
    folder: &'static str,
    count: usize,
) -> Vec<Message> {
    let mut messages = Vec::new();
    for index in 0..count {
        let subject = seed
            .pick(SUBJECTS)
            .replace("{}", &(80_000 + seed.below(9_999)).to_string());
        let partner = (*seed.pick(PARTNERS)).to_string();
        let received = Moment(index as u32 * (80_000 / count as u32) + seed.below(600) as u32);
        let sent = folder == "\\Sent Items";
        let (sender, recipient) = if sent {
            (owner.upn(), partner)
        } else {
            (partner, owner.upn())
        };
        messages.push(message(
            seed,
            &subject,
            folder,
            (sender, recipient),
            received,
        ));
    }
    messages
}

/// Returns one message, from a sender to a recipient.
pub(super) fn message(
    seed: &mut Seed,
    subject: &str,
    folder: &'static str,
    (sender, recipient): (String, String),
    received: Moment,
) -> Message {
    let internet_message_id = if sender.ends_with(DOMAIN) {
        let server = format!("AS8PR07MB{:04}", 1_000 + seed.below(9_000));
        format!(
            "<{server}{}@{server}.eurprd07.prod.outlook.com>",
            seed.letters(22)
        )
    } else {
        let host = sender.split('@').nth(1).unwrap_or(DOMAIN);
        format!(
            "<{}.{}@mail.{host}>",
            seed.letters(10).to_lowercase(),
            20_260_000 + seed.below(9_999)
        )
    };
    Message {
        internet_message_id,
        item_id: format!("RgAAAAD{}AAA", seed.letters(60)),
        subject: subject.to_string(),
        folder,
        sender,
        recipient,
        received,
        size_bytes: 9_000 + seed.below(220_000),
    }
}

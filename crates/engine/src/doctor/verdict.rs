//! The verdict: if an account were breached today, of how many mailboxes could be proved which
//! messages were reached. A pure function of what the settings say.
//!
//! It asks nothing and knows no service. Where a setting is not known, nothing is said: a share
//! of mailboxes that nobody looked at would be a lie.

use super::finding::counted;

/// What of a mailbox decides whether access to its messages can be proved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mailbox {
    /// Its address.
    pub(super) address: String,
    /// Whether Exchange audits its kind at all: it does not where rooms and equipment are concerned.
    pub(super) is_audited_kind: bool,
    /// What is recorded of its owner, of delegates, and of administrators and applications.
    pub(super) recorded: [Recorded; 3],
    /// Whether nothing that its account does is recorded, wherever it does it.
    pub(super) bypassed: bool,
    /// What its licence promises.
    pub(super) licence: Licence,
    /// Whether `MailItemsAccessed` of it was seen lately: that proves what a licence only promises.
    pub(super) seen: bool,
}

/// For whom each of [`Mailbox::recorded`] is.
pub(super) const WHO: [&str; 3] = ["Owner", "Delegate", "Admin"];

/// What is recorded when one kind of person opens mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Recorded {
    /// Neither messages nor folders.
    #[default]
    Nothing,
    /// Folders (`FolderBind`).
    Folders,
    /// Messages (`MailItemsAccessed`).
    Messages,
}

/// What the licence of a mailbox promises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Licence {
    /// Nobody could look.
    #[default]
    Unknown,
    /// None that `MailItemsAccessed` is promised with.
    Less,
    /// Audit Standard: promised since 2024, kept for 180 days.
    Standard,
    /// Audit Premium: promised, kept for a year.
    Premium,
}

/// What holds for all mailboxes of a tenant. Nothing means that it could not be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Around {
    /// Whether unified auditing is on.
    pub(super) unified: Option<bool>,
    /// Whether the organisation's mailbox auditing is on.
    pub(super) organisation: Option<bool>,
    /// Whether accounts that bypass auditing could be listed.
    pub(super) bypass_known: bool,
    /// Whether licences could be read.
    pub(super) licences_known: bool,
}

/// How much of an access to a mailbox could be proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provable {
    /// Nothing.
    Not,
    /// In which folders somebody was.
    Folder,
    /// Which messages were opened.
    Message,
}

impl Provable {
    /// Returns the words for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Not => "not provable",
            Self::Folder => "folder-level only",
            Self::Message => "provable",
        }
    }
}

/// What could be proved of one mailbox, and why no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxVerdict {
    /// Its address.
    pub mailbox: String,
    /// How much could be proved.
    pub provable: Provable,
    /// Why no more; empty where everything could be.
    pub reasons: Vec<String>,
}

/// How many mailboxes stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// All that were judged.
    pub mailboxes: usize,
    /// Message by message.
    pub provable: usize,
    /// By folder only.
    pub folder_level: usize,
    /// Not at all.
    pub not_provable: usize,
}

/// The verdict on a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The shares; nothing where no verdict can be given.
    pub shares: Option<Shares>,
    /// Why no verdict can be given.
    pub untold: String,
    /// What the shares do not take into account.
    pub caveats: Vec<String>,
    /// Each mailbox, in the order of addresses.
    pub mailboxes: Vec<MailboxVerdict>,
}

/// Returns the verdict on the mailboxes of a tenant, or on why they could not be listed.
pub(super) fn verdict(mailboxes: Result<&[Mailbox], &str>, around: Around) -> Verdict {
    let untold = |why: &str| Verdict {
        untold: why.to_owned(),
        ..Verdict::default()
    };
    let mailboxes = match mailboxes {
        Ok(mailboxes) => mailboxes,
        Err(why) => return untold(why),
    };
    if around.unified.is_none() {
        return untold("whether unified auditing is on could not be read");
    }
    if around.organisation.is_none() {
        return untold("whether the organisation's mailbox auditing is on could not be read");
    }
    let audited = mailboxes.iter().filter(|mailbox| mailbox.is_audited_kind);
    let mut judged: Vec<MailboxVerdict> = audited.map(|one| of_mailbox(one, around)).collect();
    judged.sort_by(|one, other| one.mailbox.cmp(&other.mailbox));
    if judged.is_empty() {
        return untold("no mailbox was listed whose access Exchange records");
    }
    let many = |wanted: Provable| judged.iter().filter(|one| one.provable == wanted).count();
    Verdict {
        shares: Some(Shares {
            mailboxes: judged.len(),
            provable: many(Provable::Message),
            folder_level: many(Provable::Folder),
            not_provable: many(Provable::Not),
        }),
        untold: String::new(),
        caveats: caveats(mailboxes.len() - judged.len(), around),
        mailboxes: judged,
    }
}

fn caveats(unaudited: usize, around: Around) -> Vec<String> {
    let mut caveats = Vec::new();
    if unaudited > 0 {
        let many = counted(
            unaudited,
            "mailbox of a room, of equipment or of the system is",
            "mailboxes of rooms, of equipment or of the system are",
        );
        caveats.push(format!("{many} not counted: Exchange does not audit them"));
    }
    if !around.bypass_known {
        caveats.push("accounts that bypass auditing could not be listed".to_owned());
    }
    if !around.licences_known {
        caveats.push("licences could not be read: the settings alone were judged".to_owned());
    }
    caveats
}

/// Judges one mailbox: by the kind of person of whom least is recorded, because nobody knows
/// beforehand as whom an intruder comes.
pub(super) fn of_mailbox(mailbox: &Mailbox, around: Around) -> MailboxVerdict {
    let mut reasons = Vec::new();
    let mut provable = Provable::Message;
    if around.unified == Some(false) {
        provable = Provable::Not;
        reasons.push("unified auditing is off".to_owned());
    }
    if around.organisation == Some(false) {
        provable = Provable::Not;
        reasons.push("the organisation's mailbox auditing is off".to_owned());
    }
    if mailbox.bypassed {
        provable = Provable::Not;
        reasons.push("what its account does is not recorded: it bypasses auditing".to_owned());
    }
    for (level, reached, what) in [
        (
            Recorded::Nothing,
            Provable::Not,
            "`MailItemsAccessed` is not recorded for",
        ),
        (
            Recorded::Folders,
            Provable::Folder,
            "folders that are opened are recorded, messages are not, for",
        ),
    ] {
        let whose = who(mailbox, level);
        if !whose.is_empty() {
            provable = provable.min(reached);
            reasons.push(format!("{what} {}", whose.join(", ")));
        }
    }
    if mailbox.licence == Licence::Less && !mailbox.seen {
        provable = Provable::Not;
        reasons.push(
            "no licence with which `MailItemsAccessed` is promised, and none was seen in 30 days"
                .to_owned(),
        );
    }
    MailboxVerdict {
        mailbox: mailbox.address.clone(),
        provable,
        reasons,
    }
}

/// Returns of whom no more than this is recorded.
pub(super) fn who(mailbox: &Mailbox, level: Recorded) -> Vec<&'static str> {
    let all = WHO.iter().zip(mailbox.recorded);
    all.filter(|(_, recorded)| *recorded == level)
        .map(|(who, _)| *who)
        .collect()
}

impl Verdict {
    /// Returns the verdict in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Some(shares) = &self.shares else {
            return format!(
                "If an account were breached today: it cannot be told what would be provable, because {}.",
                self.untold
            );
        };
        let share = |number: usize| percent(number, shares.mailboxes);
        format!(
            "If an account were breached today: {} of {} provable ({}), {} folder-level only ({}), {} not provable ({}).",
            shares.provable,
            counted(shares.mailboxes, "mailbox", "mailboxes"),
            share(shares.provable),
            shares.folder_level,
            share(shares.folder_level),
            shares.not_provable,
            share(shares.not_provable),
        )
    }
}

/// Returns a share with one decimal, rounded down: nearly all is never told as all, and what is
/// there is never told as nothing.
#[must_use]
pub fn percent(number: usize, of: usize) -> String {
    let tenths = (number * 1000).checked_div(of).unwrap_or(0);
    if tenths == 0 && number > 0 {
        return "< 0.1 %".to_owned();
    }
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests;

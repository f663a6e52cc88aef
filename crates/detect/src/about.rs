//! The words that a detection carries about itself; lists, pages and explanations are printed from them.

/// What a detection needs to reach its verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// One record is enough.
    Stateless,
    /// One record and what is known of the tenant.
    Context,
    /// What one record changed from and to.
    Difference,
    /// Many alike in a short time.
    Threshold,
    /// What was usual before.
    Baseline,
    /// One thing after the other.
    Sequence,
    /// One finding after the other.
    Chain,
    /// Microsoft's own alert, handed on.
    PassThrough,
    /// What the records could not show.
    Coverage,
}

impl Method {
    /// Returns the word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stateless => "stateless",
            Self::Context => "tenant context",
            Self::Difference => "old and new",
            Self::Threshold => "threshold",
            Self::Baseline => "baseline",
            Self::Sequence => "sequence",
            Self::Chain => "chain",
            Self::PassThrough => "pass-through",
            Self::Coverage => "coverage",
        }
    }
}

/// Where a detection's records come from; without its sources a detection is blind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Exchange administration (unified audit, RecordType 1).
    ExchangeAdmin,
    /// Mailbox audit (RecordTypes 2, 3, 50).
    Mailbox,
    /// Sign-ins: unified RecordType 15 or Entra's sign-in logs.
    SignIn,
    /// Entra's directory audit: unified RecordType 8 or Entra's audit log.
    Directory,
    /// SharePoint and OneDrive.
    SharePoint,
    /// Teams.
    Teams,
    /// Purview's eDiscovery and compliance administration.
    Purview,
    /// Alerts of Microsoft's own.
    Alert,
    /// Entra ID Protection.
    Risk,
    /// Mail protection: TIMailData, quarantine, submissions.
    MailProtection,
    /// Message trace or EmailEvents.
    MessageTrace,
    /// Power Automate.
    PowerAutomate,
    /// Copilot.
    Copilot,
    /// Searches in mailboxes and sites.
    Search,
    /// The Azure activity log.
    AzureActivity,
    /// A database of places and networks.
    Places,
    /// Indicators that the operator imported.
    Intelligence,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 17] = [
        Self::ExchangeAdmin,
        Self::Mailbox,
        Self::SignIn,
        Self::Directory,
        Self::SharePoint,
        Self::Teams,
        Self::Purview,
        Self::Alert,
        Self::Risk,
        Self::MailProtection,
        Self::MessageTrace,
        Self::PowerAutomate,
        Self::Copilot,
        Self::Search,
        Self::AzureActivity,
        Self::Places,
        Self::Intelligence,
    ];

    /// Returns the words that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ExchangeAdmin => "Exchange administration",
            Self::Mailbox => "mailbox audit",
            Self::SignIn => "sign-ins",
            Self::Directory => "directory audit",
            Self::SharePoint => "SharePoint and OneDrive",
            Self::Teams => "Teams",
            Self::Purview => "Purview",
            Self::Alert => "Microsoft's alerts",
            Self::Risk => "Entra ID Protection",
            Self::MailProtection => "mail protection",
            Self::MessageTrace => "message trace",
            Self::PowerAutomate => "Power Automate",
            Self::Copilot => "Copilot",
            Self::Search => "searches",
            Self::AzureActivity => "Azure activity",
            Self::Places => "places and networks",
            Self::Intelligence => "threat intelligence",
        }
    }

    /// Returns the source of which outputs use these words.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What a detection says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Its id in the catalogue.
    pub id: &'static str,
    /// What it is called: the title of its findings.
    pub title: &'static str,
    /// What decides, in a sentence or two: which record, which field, which value.
    pub decides: &'static str,
    /// When its findings have which severity.
    pub severity: &'static str,
    /// What looks alike and is benign, and what keeps it silent then.
    pub benign: &'static str,
    /// ATT&CK's ids.
    pub attack: &'static [&'static str],
    /// Where its records come from: any one of them is enough.
    pub sources: &'static [Source],
    /// What it cannot do without, beyond a source: [`Source::Places`], [`Source::Intelligence`].
    pub needs: &'static [Source],
    /// How it reaches its verdict.
    pub method: Method,
    /// What of it nobody could test against a real record; empty where real ones were at hand.
    pub untested: &'static str,
}

//! What one person is given over another's mailbox, and who they are.

use crate::cmdlet::Cmdlet;
use crate::seen::Seen;
use crate::world::Tenant;

/// A right over a mailbox that a record gives somebody.
pub(super) struct Grant {
    /// Whose mailbox, as [`bare`] has it.
    pub(super) mailbox: String,
    /// Who gets the right, as [`bare`] has it.
    pub(super) grantee: String,
    /// Whether everybody gets it.
    pub(super) is_for_all: bool,
    /// Whether who acted gives it to themselves.
    pub(super) is_own: bool,
}

impl Grant {
    /// Reads a grant; nothing where the mailbox or the other side is Microsoft's own, or the owner.
    pub(super) fn read(cmdlet: &Cmdlet<'_, '_>, seen: &Seen<'_>, grantee: &str) -> Option<Self> {
        let named = cmdlet.value("Identity").unwrap_or_else(|| seen.object());
        let mailbox = match seen.mailbox() {
            "" => bare(named),
            known => known.to_owned(),
        };
        let grantee = bare(grantee);
        let is_microsofts = mailbox.starts_with("discoverysearchmailbox")
            || grantee == "discovery management"
            || grantee == "self"
            || grantee.starts_with("nt authority");
        if is_microsofts || grantee.is_empty() || is_same(&mailbox, &grantee) {
            return None;
        }
        Some(Self {
            is_for_all: is_everyone(&grantee),
            is_own: is_same(&grantee, seen.user()),
            mailbox,
            grantee,
        })
    }
}

/// Returns the last part of an identity, in lower case: of a directory's path, of `DOMAIN\name`.
pub(super) fn bare(identity: &str) -> String {
    let last = identity
        .trim()
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default();
    last.trim_matches('"').trim().to_lowercase()
}

/// Returns whether two identities are one person's; an alias says no domain.
pub(super) fn is_same(left: &str, right: &str) -> bool {
    if left.contains('@') && right.contains('@') {
        return left == right;
    }
    let local = |text: &str| text.split('@').next().unwrap_or_default().to_owned();
    !left.is_empty() && local(left) == local(right)
}

/// Returns whether a name stands for everybody.
pub(super) fn is_everyone(name: &str) -> bool {
    const ALL: &[&str] = &[
        "default",
        "anonymous",
        "everyone",
        "domain users",
        "authenticated users",
        "all users",
        "s-1-1-0",
    ];
    ALL.contains(&name)
}

/// Returns whether a mailbox is one whose misuse costs most: named so by the operator, or by its name.
pub(super) fn is_precious(mailbox: &str, tenant: &Tenant) -> bool {
    const WORDS: &[&str] = &[
        "ceo",
        "cfo",
        "coo",
        "cto",
        "president",
        "director",
        "finance",
        "accounting",
        "accounts",
        "accountspayable",
        "payable",
        "invoice",
        "invoices",
        "payroll",
        "treasury",
        "billing",
        "buchhaltung",
        "finanzen",
        "comptabilite",
        "facturation",
        "facturen",
        "administratie",
    ];
    let local = mailbox.split('@').next().unwrap_or_default();
    let mut words = local.split(|one: char| !one.is_alphanumeric());
    tenant.is_vip(mailbox) || words.any(|word| WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_many_names() {
        for (left, right, expected) in [
            ("ann", "ann@corp.example", true),
            ("ann@corp.example", "ann@other.example", false),
            ("ann@corp.example", "ann@corp.example", true),
            ("", "", false),
            ("bob", "ann@corp.example", false),
        ] {
            assert_eq!(is_same(left, right), expected, "{left} {right}");
        }
        assert_eq!(bare("X.EXAMPLE/Hosted/corp.example/A.Ann"), "a.ann");
        assert_eq!(bare("CORP\\Ann"), "ann");
    }

    #[test]
    fn a_name_tells_a_precious_mailbox() {
        let mut tenant = Tenant::default();
        tenant.settings.vips.insert("zoe@corp.example".to_owned());
        for precious in ["zoe@corp.example", "accounts.payable@corp.example", "cfo"] {
            assert!(is_precious(precious, &tenant), "{precious}");
        }
        for other in [
            "ann@corp.example",
            "billings@corp.example",
            "",
            "@ceo.example",
        ] {
            assert!(!is_precious(other, &tenant), "{other}");
        }
    }
}

//! Which domains are the organisation's own.

use crate::brief::Brief;
use model::Event;
use std::collections::BTreeSet;

/// The organisation, as far as its domains tell it from the rest of the world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Organisation {
    domains: BTreeSet<String>,
}

impl Organisation {
    /// Makes an organisation of the domains that the question itself names.
    pub(crate) fn new(brief: &Brief) -> Self {
        let mut new = Self::default();
        new.own(&brief.user);
        new.own(&brief.mailbox);
        new
    }

    /// Learns from who acted.
    pub(crate) fn learn(&mut self, event: &Event<'_>) {
        if let Some(domain) = event.own_domain()
            && !self.domains.contains(domain)
        {
            self.domains.insert(domain.to_owned());
        }
    }

    /// Returns whether an address is outside; one without a domain is not known to be.
    pub(crate) fn is_outside(&self, address: &str) -> bool {
        domain(address).is_some_and(|domain| !self.domains.contains(&domain.to_lowercase()))
    }

    fn own(&mut self, address: &str) {
        if let Some(domain) = domain(address)
            && !self.domains.contains(domain)
        {
            self.domains.insert(domain.to_lowercase());
        }
    }
}

/// Returns the domain of an address.
pub(crate) fn domain(address: &str) -> Option<&str> {
    let (_, domain) = address.rsplit_once('@')?;
    (!domain.is_empty()).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::invented::event;
    use model::{ActorKind, Outcome};

    fn brief() -> Brief {
        Brief {
            user: "ann@corp.example".to_owned(),
            mailbox: "ann@corp.example".to_owned(),
            ..Brief::default()
        }
    }

    #[test]
    fn domains_are_learnt_from_members_alone() {
        let mut organisation = Organisation::new(&brief());
        let mut member = event("1", 1, "FileAccessed");
        member.user = "bob@sister.example".into();
        member.user_kind = ActorKind::Person;
        organisation.learn(&member);
        for (user, kind, action, outcome, logon) in [
            (
                "x@evil.example",
                ActorKind::Guest,
                "FileAccessed",
                Outcome::Success,
                None,
            ),
            (
                "x@evil.example",
                ActorKind::Person,
                "UserLoggedIn",
                Outcome::Success,
                None,
            ),
            (
                "x@evil.example",
                ActorKind::Person,
                "FileAccessed",
                Outcome::Failure,
                None,
            ),
            (
                "x@evil.example",
                ActorKind::Person,
                "Send",
                Outcome::Success,
                Some(2),
            ),
            (
                "urn:spo:guest#x@evil.example",
                ActorKind::Person,
                "FileAccessed",
                Outcome::Success,
                None,
            ),
        ] {
            let mut stranger = event("2", 2, action);
            stranger.user = user.into();
            stranger.user_kind = kind;
            stranger.outcome = outcome;
            stranger.logon_type = logon;
            organisation.learn(&stranger);
        }
        assert!(!organisation.is_outside("ann@corp.example"));
        assert!(!organisation.is_outside("Carl@Sister.example"));
        assert!(organisation.is_outside("x@evil.example"));
        assert!(!organisation.is_outside("no address"));
    }
}

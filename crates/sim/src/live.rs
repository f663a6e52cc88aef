//! The tenants as they stand at the virtual moment: what a story did by then, and what
//! administrators changed since. Messages are no part of it: they are always those of the end.

mod damage;
pub(crate) mod foothold;
pub(crate) mod state;
pub(crate) mod trail;
pub(crate) mod tries;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cloud::Cloud;
use crate::mailbox::Rule;
use crate::record::Micros;
use crate::stroke::number_rules;
use crate::world::{Tenant, World};

/// The tenants as they stand.
#[derive(Debug)]
pub(crate) struct Live {
    kept: Mutex<Vec<Option<Kept>>>,
}

/// One tenant, from the first time that somebody looks at it.
#[derive(Debug)]
struct Kept {
    /// As it stands.
    tenant: Arc<Tenant>,
    /// As it would stand if nobody but the story had changed anything.
    told: Arc<Tenant>,
    /// How many of its strokes are made.
    made: usize,
    /// As it stood before the last change, until somebody was shown it.
    stale: Option<Arc<Tenant>>,
}

impl Live {
    pub(crate) fn new(world: &World) -> Self {
        let kept = world.tenants.iter().map(|_| None).collect();
        Self {
            kept: Mutex::new(kept),
        }
    }

    /// Returns a tenant as it stands at a moment.
    pub(crate) fn tenant(&self, world: &World, place: usize, now: Micros) -> Arc<Tenant> {
        let mut kept = self.kept();
        Arc::clone(&at(&mut kept, world, place, now).tenant)
    }

    /// Returns a tenant as the story alone would have it at a moment.
    pub(crate) fn told(&self, world: &World, place: usize, now: Micros) -> Arc<Tenant> {
        let mut kept = self.kept();
        Arc::clone(&at(&mut kept, world, place, now).told)
    }

    /// Changes a tenant as it stands at a moment.
    pub(crate) fn change<T>(
        &self,
        world: &World,
        (place, now): (usize, Micros),
        work: impl FnOnce(&mut Tenant) -> T,
    ) -> T {
        let mut kept = self.kept();
        let kept = at(&mut kept, world, place, now);
        kept.stale = Some(Arc::clone(&kept.tenant));
        work(Arc::make_mut(&mut kept.tenant))
    }

    /// Returns a tenant as it stood before the last change, once after each.
    pub(crate) fn stale(&self, place: usize) -> Option<Arc<Tenant>> {
        self.kept()[place].as_mut()?.stale.take()
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Option<Kept>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks a tenant up and brings it to a moment. A clock that is turned back takes strokes back.
fn at<'a>(all: &'a mut [Option<Kept>], world: &World, place: usize, now: Micros) -> &'a mut Kept {
    let strokes = || world.strokes.iter().filter(|stroke| stroke.tenant == place);
    let due = strokes().take_while(|stroke| stroke.at <= now).count();
    let kept = all[place].get_or_insert_with(|| {
        let end = Arc::new(world.tenants[place].clone());
        Kept {
            tenant: Arc::clone(&end),
            told: end,
            made: strokes().count(),
            stale: None,
        }
    });
    if kept.made == due {
        return kept;
    }
    let one = Arc::ptr_eq(&kept.tenant, &kept.told);
    let both = [Some(&mut kept.told), (!one).then_some(&mut kept.tenant)];
    for tenant in both.into_iter().flatten() {
        let tenant = Arc::make_mut(tenant);
        for stroke in strokes()
            .skip(kept.made)
            .take(due.saturating_sub(kept.made))
        {
            stroke.make(tenant);
        }
        let undone: Vec<_> = strokes().take(kept.made).skip(due).collect();
        for stroke in undone.into_iter().rev() {
            stroke.take_back(tenant);
        }
    }
    if one {
        kept.tenant = Arc::clone(&kept.told);
    }
    kept.made = due;
    kept
}

impl Cloud {
    /// Lets somebody else put an inbox rule on top of a person's, in this very moment.
    pub(crate) fn meddle(&self, place: usize, user: usize) {
        let mut chance = self.chance_of("meddling");
        let rule = Rule {
            id: chance.draw().to_string(),
            graph_id: format!("AQAA{}=", chance.base64(8)),
            name: "Added meanwhile".to_owned(),
            enabled: true,
            sequence: 0,
            hidden: false,
            client_only: false,
            parameters: vec![("MarkAsRead".to_owned(), "True".to_owned())],
        };
        self.change(place, |tenant| {
            if let Some(mailbox) = &mut tenant.users[user].mailbox {
                mailbox.rules.insert(0, rule);
                number_rules(&mut mailbox.rules);
            }
        });
    }
}

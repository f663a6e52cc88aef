//! Ordinary life: what an office does on its days when nobody intrudes.
//!
//! It is planned ahead, each person's day from a seed of its own, and played beside the story.

use crate::office_names::PARTNERS;
use crate::record::Micros;
use crate::seed::Seed;
use crate::story_time::{DAY, HOUR, MINUTE, SECOND, is_workday};
use crate::verbs::{Act, Deliver, Hand, Service, Verb};
use crate::world::Tenant;

mod workday;

/// How somebody works, the same every day.
struct Habits {
    upn: String,
    given_name: String,
    department: String,
    /// Outlook on the laptop instead of the browser.
    desktop: bool,
    phone: bool,
    /// Minutes after midnight at which the day begins.
    begins: i64,
    /// A day a week is worked from home.
    home_day: i64,
}

/// Plans the life of a tenant.
pub(crate) struct Life<'a> {
    tenant: &'a Tenant,
    number: usize,
    seed: Seed,
    acts: Vec<Act>,
}

impl<'a> Life<'a> {
    /// Plans all days.
    pub(crate) fn plan(
        seed: &Seed,
        number: usize,
        tenant: &'a Tenant,
        began: Micros,
        days: u32,
    ) -> Vec<Act> {
        let mut life = Self {
            tenant,
            number,
            seed: seed.fork("life").child(number as u64),
            acts: Vec::new(),
        };
        let people: Vec<Habits> = (0..tenant.users.len())
            .map(|user| life.habits(user))
            .collect();
        life.settle_in(&people, began);
        for day in 0..i64::from(days) {
            let midnight = began + day * DAY;
            let mut chance = life.seed.fork("office").child(day as u64);
            life.night(&mut chance, midnight);
            life.mail_from_outside(&mut chance, &people, midnight);
            for (user, habits) in people.iter().enumerate() {
                let mut chance = life.seed.child((user * 4096) as u64 + day as u64 + 1);
                life.background(&mut chance, habits, midnight);
                if is_workday(midnight) {
                    life.workday(&mut chance, habits, &people, (midnight, day));
                } else if habits.phone && chance.chance(25) {
                    life.glance(
                        &mut chance,
                        habits,
                        midnight + chance_of_day(10, 18, user),
                        day,
                    );
                }
            }
        }
        life.acts
    }

    fn habits(&self, user: usize) -> Habits {
        let mut chance = self.seed.fork("habits").child(user as u64);
        let person = &self.tenant.users[user];
        Habits {
            upn: person.upn.clone(),
            given_name: person.given_name.clone(),
            department: person.department.clone(),
            desktop: chance.chance(35),
            phone: chance.chance(75),
            begins: 7 * 60 + chance.between(0, 110),
            home_day: chance.between(0, 7),
        }
    }

    fn act(&mut self, at: Micros, verb: Verb) {
        let chance = self.seed.fork("act").child(self.acts.len() as u64);
        self.acts.push(Act {
            at,
            tenant: self.number,
            hand: Hand::Owner,
            verb,
            chance,
        });
    }

    /// What stands before the story can begin: mail of earlier days, with its trace.
    fn settle_in(&mut self, people: &[Habits], began: Micros) {
        let mut chance = self.seed.fork("earlier");
        for habits in people {
            for _ in 0..chance.between(14, 26) {
                let at = began - chance.between(1, 9 * 24 * 60) * MINUTE;
                let deliver = letter(&mut chance, &habits.upn);
                self.act(at, Verb::Deliver(deliver));
            }
        }
    }

    fn night(&mut self, chance: &mut Seed, midnight: Micros) {
        let at = midnight + 2 * HOUR + chance.between(0, 50) * MINUTE;
        for step in 0..chance.between(1, 4) {
            self.act(
                at + step * 11 * SECOND,
                Verb::Service(Service::Housekeeping),
            );
        }
        let backup = Service::AppSignIn("Quayside Backup".to_owned());
        self.act(
            midnight + HOUR + chance.between(0, 9) * MINUTE,
            Verb::Service(backup),
        );
        let hour = midnight + 4 * HOUR + chance.between(0, 9) * MINUTE;
        self.act(hour, Verb::Service(Service::IdentitySignIn));
    }

    fn mail_from_outside(&mut self, chance: &mut Seed, people: &[Habits], midnight: Micros) {
        let many = if is_workday(midnight) {
            (5, 11)
        } else {
            (0, 3)
        };
        for habits in people {
            for _ in 0..chance.between(many.0, many.1) {
                let at = midnight + 5 * HOUR + chance.between(0, 15 * 3600) * SECOND;
                let deliver = letter(chance, &habits.upn);
                self.act(at, Verb::Deliver(deliver));
            }
        }
    }

    fn background(&mut self, chance: &mut Seed, habits: &Habits, midnight: Micros) {
        for _ in 0..chance.between(1, 5) {
            let index = Service::Index {
                of: habits.upn.clone(),
                count: chance.between(1, 5) as usize,
            };
            let at = midnight + chance.between(1, 24 * 60) * MINUTE;
            self.act(at.min(midnight + DAY - SECOND), Verb::Service(index));
        }
    }
}

fn chance_of_day(from: i64, to: i64, user: usize) -> Micros {
    from * HOUR + (user as i64 * 37 % ((to - from) * 60)) * MINUTE
}

fn letter(chance: &mut Seed, upn: &str) -> Deliver {
    let (name, address, subjects) = chance.pick(PARTNERS);
    let subject = subject(chance, subjects);
    let attached = if chance.chance(25) {
        vec![(
            format!("{}.pdf", subject.replace([' ', ','], "-")),
            chance.between(20_000, 400_000) as u64,
        )]
    } else {
        Vec::new()
    };
    Deliver {
        from: format!("{name} <{address}>"),
        to: vec![upn.to_owned()],
        subject,
        attached,
        text: "Please find the details below.".to_owned(),
    }
}

fn subject(chance: &mut Seed, subjects: &[&str]) -> String {
    let number = chance.between(70_000, 99_999).to_string();
    chance.pick(subjects).replace('#', &number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::found;

    #[test]
    fn the_same_days_are_planned_the_same() {
        let seed = Seed::new(3);
        let small = found(&seed, 0, 8, 0);
        let plan = |days| Life::plan(&seed, 0, &small, 0, days).len();
        assert!(plan(2) < plan(9));
        assert_eq!(plan(9), plan(9));
    }
}

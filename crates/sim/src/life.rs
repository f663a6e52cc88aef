//! Ordinary life: what an office does on its days when nobody intrudes.
//!
//! It is planned ahead, each person's day from a seed of its own, and played beside the story.

use crate::office_names::{PARTNERS, SUBJECTS};
use crate::record::Micros;
use crate::seed::Seed;
use crate::story_time::{DAY, HOUR, MINUTE, SECOND, is_workday};
use crate::verbs::{
    Act, Azure, Client, Deliver, DevOps, Discard, FileAct, Files, Hand, How, NewRule, Outcome,
    Read, Send, Service, SignIn, Sync, Teams, Verb,
};
use crate::world::Tenant;

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

    fn workday(
        &mut self,
        chance: &mut Seed,
        habits: &Habits,
        people: &[Habits],
        (midnight, day): (Micros, i64),
    ) {
        if chance.chance(4) {
            return; // On leave.
        }
        let begins = midnight + (habits.begins + chance.between(-15, 25)) * MINUTE;
        let place = if day % 7 == habits.home_day {
            "home"
        } else {
            "office"
        };
        let session = format!("{} {day}", habits.upn);
        self.come_in(chance, habits, begins, place, &session);
        let mail = if habits.desktop {
            let desktop = format!("{session} desktop");
            self.sign_in(
                begins + 2 * MINUTE,
                habits,
                place,
                Client::Outlook,
                &desktop,
            );
            for hour in [0, 2, 5, 7] {
                let at = begins + hour * HOUR + chance.between(3, 50) * MINUTE;
                let sync = Sync {
                    session: desktop.clone(),
                    folders: ["\\Inbox", "\\Sent Items"].map(str::to_owned).to_vec(),
                };
                self.act(at, Verb::Sync(sync));
            }
            desktop
        } else {
            session.clone()
        };
        if day == 2 && chance.chance(30) {
            self.own_rule(begins + 3 * HOUR, &session);
        }
        self.read_and_write(chance, habits, people, (begins, &mail));
        self.work(chance, habits, begins, &session);
        if habits.phone {
            for _ in 0..chance.between(1, 3) {
                let at = begins + chance.between(60, 13 * 60) * MINUTE;
                self.glance(chance, habits, at.min(midnight + DAY - 2 * MINUTE), day);
            }
        }
    }

    fn come_in(
        &mut self,
        chance: &mut Seed,
        habits: &Habits,
        at: Micros,
        place: &str,
        session: &str,
    ) {
        if chance.chance(6) {
            let wrong = SignIn {
                account: habits.upn.clone(),
                from: place.to_owned(),
                client: Client::Edge,
                session: None,
                outcome: Outcome::WrongPassword,
                risk: None,
                replays: None,
            };
            self.act(at - 40 * SECOND, Verb::SignIn(wrong));
        }
        self.sign_in(at, habits, place, Client::Edge, session);
        for _ in 0..chance.between(1, 3) {
            let renewed = SignIn {
                account: habits.upn.clone(),
                from: place.to_owned(),
                client: Client::Edge,
                session: None,
                outcome: Outcome::Success,
                risk: None,
                replays: Some(session.to_owned()),
            };
            let later = at + chance.between(50, 400) * MINUTE;
            self.act(later, Verb::SignIn(renewed));
        }
    }

    fn sign_in(&mut self, at: Micros, habits: &Habits, place: &str, client: Client, session: &str) {
        let sign_in = SignIn {
            account: habits.upn.clone(),
            from: place.to_owned(),
            client,
            session: Some(session.to_owned()),
            outcome: Outcome::Success,
            risk: None,
            replays: None,
        };
        self.act(at, Verb::SignIn(sign_in));
    }

    fn read_and_write(
        &mut self,
        chance: &mut Seed,
        habits: &Habits,
        people: &[Habits],
        (begins, session): (Micros, &str),
    ) {
        if !habits.desktop {
            for _ in 0..chance.between(4, 8) {
                let read = Read {
                    session: session.to_owned(),
                    unread: true,
                    count: chance.between(1, 6) as usize,
                    minutes: chance.between(1, 9),
                    ..Read::default()
                };
                let at = begins + chance.between(4, 9 * 60) * MINUTE;
                self.act(at, Verb::Read(read));
            }
        }
        for _ in 0..chance.between(1, 5) {
            let at = begins + chance.between(20, 9 * 60) * MINUTE;
            let to = if chance.chance(40) {
                chance.pick(people).upn.clone()
            } else {
                let (name, address) = chance.pick(PARTNERS);
                format!("{name} <{address}>")
            };
            if to == habits.upn {
                continue;
            }
            let send = Send {
                session: session.to_owned(),
                to: vec![to],
                subject: subject(chance),
                text: format!("Regards, {}", habits.given_name),
                ..Send::default()
            };
            self.act(at, Verb::Send(send));
        }
        if chance.chance(45) {
            let discard = Discard {
                session: session.to_owned(),
                folder: None,
                about: vec!["digest".to_owned(), "booking".to_owned()],
                count: chance.between(1, 3) as usize,
                how: How::Bin,
                to: None,
            };
            let at = begins + chance.between(5, 8) * HOUR;
            self.act(at, Verb::Discard(discard));
        }
    }

    fn work(&mut self, chance: &mut Seed, habits: &Habits, begins: Micros, session: &str) {
        for _ in 0..chance.between(1, 4) {
            let files = Files {
                session: session.to_owned(),
                act: *chance.pick(&[
                    FileAct::Accessed,
                    FileAct::Accessed,
                    FileAct::Accessed,
                    FileAct::Modified,
                    FileAct::Downloaded,
                    FileAct::Uploaded,
                ]),
                count: chance.between(1, 3) as usize,
                folder: None,
            };
            let at = begins + chance.between(10, 500) * MINUTE;
            self.act(at, Verb::Files(files));
        }
        for operation in ["TeamsSessionStarted", "MessageCreatedHasLink"] {
            let teams = Teams {
                session: session.to_owned(),
                operation: operation.to_owned(),
            };
            let at = begins + chance.between(5, 400) * MINUTE;
            self.act(at, Verb::Teams(teams));
        }
        if habits.department == "IT" {
            self.operations(chance, habits, begins, session);
        }
    }

    fn operations(&mut self, chance: &mut Seed, habits: &Habits, begins: Micros, session: &str) {
        let portal = format!("{session} portal");
        self.sign_in(
            begins + 30 * MINUTE,
            habits,
            "office",
            Client::Portal,
            &portal,
        );
        for _ in 0..chance.between(1, 3) {
            let (operation, resource) = *chance.pick(&[
                (
                    "Microsoft.Compute/virtualMachines/start/action",
                    "vm-warehouse",
                ),
                (
                    "Microsoft.Storage/storageAccounts/listKeys/action",
                    "stwarehouse",
                ),
                ("Microsoft.Web/sites/config/write", "portal-web"),
            ]);
            let azure = Azure {
                session: portal.clone(),
                operation: operation.to_owned(),
                resource: resource.to_owned(),
            };
            let at = begins + chance.between(35, 400) * MINUTE;
            self.act(at, Verb::Azure(azure));
        }
        for _ in 0..chance.between(1, 4) {
            let (action, details) = *chance.pick(&[
                (
                    "Git.RefUpdatePoliciesBypassed",
                    "Bypassed branch policies on main",
                ),
                ("Pipelines.PipelineModified", "Modified pipeline nightly"),
                ("Git.RepositoryCreated", "Created Git repository tools"),
                (
                    "Release.ReleaseCreated",
                    "Created release for stage production",
                ),
            ]);
            let entry = DevOps {
                session: session.to_owned(),
                action: action.to_owned(),
                details: details.to_owned(),
            };
            let at = begins + chance.between(10, 480) * MINUTE;
            self.act(at, Verb::DevOps(entry));
        }
    }

    /// A glance at the telephone.
    fn glance(&mut self, chance: &mut Seed, habits: &Habits, at: Micros, day: i64) {
        let session = format!("{} {day} phone {at}", habits.upn);
        let place = if chance.chance(60) { "phone" } else { "home" };
        self.sign_in(at, habits, place, Client::Phone, &session);
        let read = Read {
            session,
            unread: true,
            count: chance.between(1, 4) as usize,
            minutes: 1,
            ..Read::default()
        };
        self.act(at + 20 * SECOND, Verb::Read(read));
    }

    /// A rule that keeps newsletters out of the way.
    fn own_rule(&mut self, at: Micros, session: &str) {
        let rule = NewRule {
            session: session.to_owned(),
            name: "Newsletters".to_owned(),
            parameters: [
                (
                    "FromAddressContainsWords",
                    "harbour-letter.example;trade-weekly.example",
                ),
                ("MoveToFolder", "Newsletters"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            hidden: false,
        };
        self.act(at, Verb::NewRule(rule));
    }
}

fn chance_of_day(from: i64, to: i64, user: usize) -> Micros {
    from * HOUR + (user as i64 * 37 % ((to - from) * 60)) * MINUTE
}

fn letter(chance: &mut Seed, upn: &str) -> Deliver {
    let (name, address) = chance.pick(PARTNERS);
    let subject = subject(chance);
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

fn subject(chance: &mut Seed) -> String {
    let number = chance.between(70_000, 99_999).to_string();
    chance.pick(SUBJECTS).replace('#', &number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::found;

    #[test]
    fn two_people_more_change_nobody_elses_day() {
        let seed = Seed::new(3);
        let small = found(&seed, 0, 8, 0);
        let plan = |days| Life::plan(&seed, 0, &small, 0, days).len();
        assert!(plan(2) < plan(9));
        assert_eq!(plan(9), plan(9));
    }
}

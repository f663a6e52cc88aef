//! A day at work: coming in, reading, writing, files, and the glance at the telephone.

use super::{Habits, Life, subject};
use crate::office_names::{PARTNERS, SUBJECTS};
use crate::record::Micros;
use crate::seed::Seed;
use crate::story_time::{DAY, HOUR, MINUTE, SECOND};
use crate::verbs::{
    Azure, Chore, Client, DevOps, Discard, FileAct, Files, How, NewRule, Outcome, Read, Send,
    SignIn, Sync, Teams, Upkeep, Verb,
};

impl Life<'_> {
    pub(super) fn workday(
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
        self.work(chance, habits, people, (begins, &session));
        if habits.phone {
            for _ in 0..chance.between(1, 3) {
                let at = begins + chance.between(60, 13 * 60) * MINUTE;
                self.glance(chance, habits, at.min(midnight + DAY - 10 * MINUTE), day);
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
        if chance.chance(3) {
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
                let (name, address, _) = chance.pick(PARTNERS);
                format!("{name} <{address}>")
            };
            if to == habits.upn {
                continue;
            }
            let send = Send {
                session: session.to_owned(),
                to: vec![to],
                subject: subject(chance, SUBJECTS),
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

    fn work(
        &mut self,
        chance: &mut Seed,
        habits: &Habits,
        people: &[Habits],
        (begins, session): (Micros, &str),
    ) {
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
            self.upkeep(chance, people, begins, session);
        }
    }

    fn upkeep(&mut self, chance: &mut Seed, people: &[Habits], begins: Micros, session: &str) {
        for _ in 0..chance.between(0, 3) {
            let upkeep = Upkeep {
                session: session.to_owned(),
                of: chance.pick(people).upn.clone(),
                what: *chance.pick(&[Chore::Profile, Chore::Group]),
            };
            let at = begins + chance.between(30, 420) * MINUTE;
            self.act(at, Verb::Upkeep(upkeep));
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
                ("Microsoft.Storage/storageAccounts/write", "stwarehouse"),
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
    pub(super) fn glance(&mut self, chance: &mut Seed, habits: &Habits, at: Micros, day: i64) {
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

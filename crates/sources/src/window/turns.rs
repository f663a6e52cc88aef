//! What the reader of windows makes of what it hears.

use super::desk::{Fullness, Window};
use super::reader::{Reader, page_key};
use super::source::{Place, Source, Turn};
use crate::feed::{Keep, Ticket};
use crate::health::{Meaning, passing};
use crate::moment::{DAY, HOUR};
use model::{Ask, Failure, Reply, Timestamp};

/// So often a page is asked for again before its window is begun anew.
const STUMBLES: u32 = 4;
/// So often a window is begun anew before it is halved.
const BEGUN_ANEW: u32 = 2;
/// So often a window is planned anew before it is given up.
const REPLANS: u32 = 6;

impl<S: Source> Reader<S> {
    /// Reads a reply to a question of a window.
    pub(super) fn heard(
        &mut self,
        number: u64,
        reply: Result<&Reply, &Failure>,
        now: Timestamp,
    ) -> Option<Turn> {
        let walking = self.walks.get_mut(&number)?;
        let place = Place {
            scope: &walking.scope,
            window: &walking.window,
        };
        let turn = match reply {
            Ok(reply) if reply.is_success() => {
                self.source.read(place, &mut walking.walk, reply, now)
            }
            Ok(reply) => self.source.refused(place, &mut walking.walk, reply, now),
            Err(failure) => Turn::Suffer(Meaning::of_failure(failure)),
        };
        let note = self.source.note(&walking.walk);
        if let Some(desk) = self.desks.get_mut(&walking.scope) {
            desk.note(walking.window.id, note);
        }
        Some(turn)
    }

    /// Goes on by what a reply means. Returns what of it is evidence.
    pub(super) fn turn(&mut self, ticket: Ticket, number: u64, turn: Turn, now: Timestamp) -> Keep {
        match turn {
            Turn::More(ask, rows) => {
                if self.goes_in_circles(number, &ask) {
                    return self.turn(
                        ticket,
                        number,
                        Turn::Again("the pages go in circles".to_owned()),
                        now,
                    );
                }
                self.page(ticket, number, Some((ask, now)), None, rows)
            }
            Turn::Done(rows, fullness) => self.page(ticket, number, None, Some(fullness), rows),
            Turn::Later(ask, seconds) => {
                if let Some(walking) = self.walks.get_mut(&number) {
                    walking.pages.clear();
                }
                let next = (ask, now.plus_seconds(seconds));
                self.page(ticket, number, Some(next), None, 0)
            }
            other => {
                self.fail(number, other, now);
                Keep::Nothing
            }
        }
    }

    fn page(
        &mut self,
        ticket: Ticket,
        number: u64,
        next: Option<(Ask, Timestamp)>,
        done: Option<Fullness>,
        rows: u64,
    ) -> Keep {
        self.health.answered();
        let Some(walking) = self.walks.get_mut(&number) else {
            return Keep::Nothing;
        };
        (walking.next, walking.done, walking.stumbles) = (next, done, 0);
        if rows > 0 {
            walking.unkept += 1;
            self.keeping.insert(ticket, number);
            return Keep::Everything;
        }
        self.finish(number);
        Keep::Nothing
    }

    /// Takes a window off its desk when all of it is read and kept.
    pub(super) fn finish(&mut self, number: u64) {
        let Some(walking) = self.walks.get(&number) else {
            return;
        };
        let Some(fullness) = walking.done.filter(|_| walking.unkept == 0) else {
            return;
        };
        if let Some(walking) = self.walks.remove(&number)
            && let Some(desk) = self.desks.get_mut(&walking.scope)
        {
            desk.done(walking.window.id, fullness);
        }
    }

    fn goes_in_circles(&mut self, number: u64, ask: &Ask) -> bool {
        let walking = self.walks.get_mut(&number);
        // A session hands out its next page to the same question.
        self.source.repeats_pages()
            && walking.is_some_and(|walking| !walking.pages.insert(page_key(ask)))
    }

    fn fail(&mut self, number: u64, turn: Turn, now: Timestamp) {
        let name = self.source.name().to_owned();
        if let Turn::Suffer(meaning @ (Meaning::Passing { .. } | Meaning::Own(_))) = &turn {
            self.health.suffered(meaning, &name, now);
            if self.stumble(number, &name, now) {
                return;
            }
        }
        let Some(walking) = self.walks.remove(&number) else {
            return;
        };
        let Some(desk) = self.desks.get_mut(&walking.scope) else {
            return;
        };
        let far_in = walking.pages.len() > 1;
        let window = walking.window;
        let wait = now.plus_seconds(self.health.pause(window.attempts + 1, &name));
        match turn {
            Turn::Again(why) if window.attempts < BEGUN_ANEW || !desk.splits(window.id) => {
                self.health.notice(passing(why), HOUR, now);
                desk.note(window.id, String::new());
                let at_once = window.attempts == 0 && self.source.repeats_pages();
                desk.failed(window.id, if at_once { now } else { wait });
            }
            Turn::Replan(why) => {
                self.health.notice(passing(why.clone()), HOUR, now);
                desk.note(window.id, String::new());
                if window.attempts + 1 < REPLANS {
                    desk.failed(window.id, wait);
                } else {
                    desk.done(window.id, Fullness::Fine);
                    self.lose(&window, "the service fails to answer", &why);
                }
            }
            Turn::Split(why) | Turn::Again(why) | Turn::Suffer(Meaning::TooMuch(why)) => {
                self.health.notice(passing(why.clone()), HOUR, now);
                self.split(&walking.scope, window.id, &why, now);
            }
            Turn::Suffer(meaning @ Meaning::Stop(..)) => {
                desk.put_back(window.id, now);
                self.health.suffered(&meaning, &name, now);
            }
            Turn::Absent(trouble) => {
                desk.put_back(window.id, now);
                self.parked
                    .insert(walking.scope, (now.plus_seconds(DAY), trouble));
            }
            // A reading that breaks far in, again and again, is too long.
            Turn::Suffer(Meaning::Passing { why, .. } | Meaning::Own(why))
                if far_in && window.attempts >= BEGUN_ANEW && desk.splits(window.id) =>
            {
                self.split(&walking.scope, window.id, &why, now);
            }
            _ => desk.failed(window.id, wait),
        }
    }

    /// Asks for the same page again, a few times: what was read of the window so far stays good.
    fn stumble(&mut self, number: u64, name: &str, now: Timestamp) -> bool {
        let Some(walking) = self.walks.get_mut(&number) else {
            return true;
        };
        walking.stumbles += 1;
        if walking.stumbles > STUMBLES || !self.source.repeats_pages() {
            return false;
        }
        let wait = self.health.pause(walking.stumbles, name);
        walking.next = Some((walking.last.clone(), now.plus_seconds(wait)));
        true
    }

    fn split(&mut self, scope: &str, id: u64, why: &str, now: Timestamp) {
        let Some(desk) = self.desks.get_mut(scope) else {
            return;
        };
        let attempts = desk.taken(id).map_or(0, |window| window.attempts);
        if !desk.splits(id) && attempts < BEGUN_ANEW {
            let wait = self.health.pause(attempts + 1, self.source.name());
            return desk.failed(id, now.plus_seconds(wait));
        }
        let Some(window) = desk.split(id, now) else {
            return;
        };
        if window.part.is_empty() {
            let parts = self.source.parts(&window);
            desk.lay_parts(&window, &parts, now);
        }
        self.lose(&window, "more than the service hands out", why);
    }

    fn lose(&mut self, window: &Window, cause: &str, why: &str) {
        if window.fresh {
            let clock = self.source.rules().clock;
            let part = match window.part.as_str() {
                "" => String::new(),
                part => format!(" (of {part})"),
            };
            self.book
                .gap(window.gap(clock, cause, format!("{why}{part}")));
        }
    }
}

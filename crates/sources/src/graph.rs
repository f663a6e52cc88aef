//! A log of Microsoft Graph that is filtered by a time and handed out in pages: all of them are
//! read alike and differ in their words alone.

use crate::health::{Meaning, access};
use crate::link::{encoded, follow};
use crate::said::Said;
use crate::window::Rules;
use crate::window::page;
use crate::window::source::{Place, Source, Turn, fullness, refused, stop};
use model::{Ask, Pace, Reply, Service, Timestamp};

/// What one log is asked by.
#[derive(Clone)]
pub(crate) struct Log {
    /// The feed's name.
    pub(crate) name: &'static str,
    /// The path below Graph's address, version included.
    pub(crate) path: &'static str,
    /// The time that is filtered.
    pub(crate) time: &'static str,
    /// The operator of the upper bound; `le` where the service knows no `lt`.
    pub(crate) until: &'static str,
    /// What is filtered besides.
    pub(crate) also: &'static str,
    /// The order asked for, where the service takes one.
    pub(crate) order: &'static str,
    /// The most records of a page.
    pub(crate) page: u64,
    /// Which quota.
    pub(crate) pace: Pace,
    /// What an operator can do when permission is refused.
    pub(crate) hint: &'static str,
    /// How the log is read.
    pub(crate) rules: Rules,
}

/// A log of Graph as a source.
pub(crate) struct GraphLog(pub(crate) Log);

/// How many records of a window were read.
#[derive(Default)]
pub(crate) struct Read {
    rows: u64,
}

impl GraphLog {
    fn ask(&self, path: String) -> Ask {
        Ask::get(Service::Graph, self.0.pace, path).with("Prefer", "include-unknown-enum-members")
    }
}

impl Source for GraphLog {
    type Walk = Read;

    fn name(&self) -> &str {
        self.0.name
    }

    fn rules(&self) -> Rules {
        self.0.rules.clone()
    }

    fn first(&mut self, place: Place<'_>, _walk: &mut Read, _now: Timestamp) -> Ask {
        let (log, window) = (&self.0, place.window);
        let filter = format!(
            "{} ge {} and {} {} {}{}",
            log.time, window.from, log.time, log.until, window.to, log.also
        );
        let order = match log.order {
            "" => String::new(),
            order => format!("&$orderby={}", encoded(order)),
        };
        self.ask(format!(
            "{}?$filter={}{order}&$top={}",
            log.path,
            encoded(&filter),
            log.page
        ))
    }

    fn read(&mut self, _place: Place<'_>, walk: &mut Read, reply: &Reply, _now: Timestamp) -> Turn {
        let page = match page::read(&reply.body) {
            Ok(page) => page,
            Err(why) => return Turn::Suffer(Meaning::Own(why)),
        };
        walk.rows += page.rows;
        match page.next {
            Some(link) => Turn::More(follow(self.ask(String::new()), link), page.rows),
            None => Turn::Done(page.rows, fullness(walk.rows, self.0.page)),
        }
    }

    fn refused(
        &mut self,
        _place: Place<'_>,
        _walk: &mut Read,
        reply: &Reply,
        _now: Timestamp,
    ) -> Turn {
        let said = Said::of(reply);
        match refused(&said, reply) {
            Turn::Suffer(Meaning::Stop(trouble, _)) if !trouble.what.contains("licence") => {
                stop(access(trouble.what, self.0.hint))
            }
            turn => turn,
        }
    }
}

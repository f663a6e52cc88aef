//! COP-01: Copilot is asked to search for an intruder.

use super::bursts::Bursts;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::{HOUR, World};
use model::bags::each_object;
use model::{Json, Severity};

const ABOUT: About = About {
    id: "COP-01",
    title: "Copilot used to search",
    decides: "Interactions with Copilot that Microsoft marks as an attempt to break its bounds or as a prompt \
              that came from outside; forty questions of one person within an hour; any after a doubtful sign-in \
              that touch labelled documents.",
    severity: "medium for a broken bound, and after a doubtful sign-in; low for many questions",
    benign: "People work with Copilot all day: its use alone is silent.",
    attack: &["T1213"],
    sources: &[Source::Copilot],
    needs: &[],
    method: Method::Threshold,
    untested: "No real record of Copilot was at hand.",
};

pub(super) struct Cop01 {
    questions: Bursts,
}

impl Default for Cop01 {
    fn default() -> Self {
        Self {
            questions: Bursts::new(HOUR, 40),
        }
    }
}

impl Detection for Cop01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["CopilotInteraction"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.is_service() {
            return;
        }
        let talk = talk(seen);
        if let Some(mark) = talk.mark {
            let why = format!(
                "{} had Copilot do what Microsoft marks as {mark}",
                seen.person()
            );
            hits.push(told(seen, Severity::Medium, why, mark));
        }
        let taint = doubt(seen.fact(), seen.person(), world);
        if let Some(taint) = taint
            && talk.labelled > 0
        {
            let why = format!(
                "{} had Copilot read {} labelled documents, after a doubtful sign-in ({})",
                seen.person(),
                talk.labelled,
                taint.detection
            );
            hits.push(told(seen, Severity::Medium, why, "labelled").with([&taint.fact]));
        }
        // Questions have no object: each counts by its own time.
        let mut fact = *seen.fact();
        fact.object = fact.time.0.cast_unsigned();
        if let Some(burst) = self.questions.count(&fact) {
            let why = format!(
                "{} asked Copilot {} times within an hour",
                seen.person(),
                burst.many
            );
            let own = fact.record;
            let others = burst.facts.iter().filter(|one| one.record != own);
            hits.push(told(seen, Severity::Low, why, "many").with(others));
        }
    }
}

#[derive(Default)]
struct Talk {
    mark: Option<&'static str>,
    labelled: usize,
}

fn talk(seen: &Seen<'_>) -> Talk {
    let mut found = Talk::default();
    let mut read = |body: &Json<'_>| {
        each_object(body.get_any_case("Messages"), &mut |message| {
            let is = |key: &str| message.get_any_case(key).and_then(Json::as_truth) == Some(true);
            if is("JailbreakDetected") {
                found.mark = Some("an attempt to break its bounds");
            }
        });
        each_object(body.get_any_case("AccessedResources"), &mut |resource| {
            let is = |key: &str| resource.get_any_case(key).and_then(Json::as_truth) == Some(true);
            let label = resource
                .get_any_case("SensitivityLabelId")
                .and_then(Json::as_word);
            found.labelled += usize::from(label.is_some_and(|label| !label.is_empty()));
            if is("XPIADetected") && found.mark.is_none() {
                found.mark = Some("a prompt that came from outside");
            }
        });
    };
    read(seen.body());
    each_object(seen.body().get_any_case("CopilotEventData"), &mut read);
    found
}

fn told(seen: &Seen<'_>, severity: Severity, why: String, key: &str) -> Hit {
    Hit::of(seen, severity, why)
        .keyed(key)
        .because("CopilotEventData", key)
        .silent_if("there were no mark, and fewer questions")
}

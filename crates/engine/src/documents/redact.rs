//! A case to be handed to others: subjects, file names and the words of rules and searches
//! hidden, addresses and the names in them replaced by digests.
//!
//! Done once, on what was found, so that every format hides the same. Every text of a case
//! is walked twice: first to learn which addresses there are, then to replace them. A digest
//! depends on the case's snapshot: one address has one digest in a case and another in the next.

mod veil;

use crate::error::EngineError;
use crate::investigate::{Investigation, Messages};
use casework::{Judged, Seed};
use ledger::EntryKind;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use veil::{HIDDEN, Said, Veil};

/// Returns the case with what tells persons and contents replaced.
pub(super) fn redacted(found: &Investigation) -> Result<Investigation, EngineError> {
    let mut case = copied(found);
    let veil = learned(&mut case, found)?;
    hide_contents(&mut case, &veil);
    each_text(&mut case, &mut |text, said| veil.over(text, said));
    case.case = format!("case-{}", &veil.digest(&found.case)[..6]);
    case.messages = veiled_messages(&found.messages, &veil)?;
    Ok(case)
}

/// Returns the case without its messages, which may not fit in memory.
fn copied(found: &Investigation) -> Investigation {
    Investigation {
        case: found.case.clone(),
        brief: found.brief.clone(),
        attribution: found.attribution.clone(),
        coverage: found.coverage.clone(),
        rules: found.rules.clone(),
        outflow: found.outflow.clone(),
        syncs: found.syncs.clone(),
        counts: found.counts.clone(),
        undecided: found.undecided.clone(),
        statement: found.statement.clone(),
        timeline: found.timeline.clone(),
        messages: Messages::new(),
        entries: found.entries.clone(),
        snapshot: found.snapshot.clone(),
        records: found.records,
        last_record: found.last_record,
        stakes: found.stakes.clone(),
    }
}

/// Learns the addresses of the whole case, and what of its contents its texts may quote.
fn learned(case: &mut Investigation, found: &Investigation) -> Result<Veil, EngineError> {
    let mut addresses = BTreeSet::new();
    each_text(case, &mut |text, _| gather(text, &mut addresses));
    found.messages.each(&mut |judged| {
        for text in [&judged.mailbox, &judged.from, &judged.because] {
            gather(text, &mut addresses);
        }
        judged
            .to
            .iter()
            .for_each(|text| gather(text, &mut addresses));
        ControlFlow::Continue(())
    })?;
    let mut own: BTreeSet<String> = [&found.brief.user, &found.brief.mailbox]
        .into_iter()
        .chain(&found.attribution.person.names)
        .map(|name| name.to_lowercase())
        .collect();
    // A mailbox may be known by its number alone.
    own.retain(|name| name.contains('@') || name.chars().any(char::is_alphabetic));
    let salt = &found.snapshot;
    let bare = Veil::new(
        salt.clone(),
        &BTreeSet::new(),
        &BTreeSet::new(),
        BTreeMap::new(),
    );
    let quoted = quoted(found, &bare);
    Ok(Veil::new(salt.clone(), &own, &addresses, quoted))
}

/// Gathers the addresses in a text.
fn gather(text: &str, addresses: &mut BTreeSet<String>) {
    let is_part = |one: char| one.is_alphanumeric() || "._%+'-@".contains(one);
    for word in text.split(|one| !is_part(one)) {
        let word = word.trim_matches(|one: char| !one.is_alphanumeric());
        if let Some((name, domain)) = word.rsplit_once('@')
            && !name.is_empty()
            && domain.contains('.')
        {
            addresses.insert(word.to_lowercase());
        }
    }
}

/// Returns the contents of the case that a sentence may quote, and what stands for each.
fn quoted(found: &Investigation, veil: &Veil) -> BTreeMap<String, String> {
    let mut quoted = BTreeMap::new();
    for file in &found.outflow.files {
        let hidden = file_name(veil, &file.object);
        if let Some(last) = file.object.rsplit(['/', '\\']).next() {
            quoted.insert(last.to_owned(), hidden.clone());
        }
        quoted.insert(file.object.clone(), hidden);
    }
    for rule in &found.rules.versions {
        quoted.insert(rule.name.clone(), rule_name(veil, &rule.name));
        let words = rule.conditions.iter().filter(|(name, _)| is_words(name));
        quoted.extend(words.map(|(_, words)| (words.clone(), HIDDEN.to_owned())));
    }
    let sent = found.outflow.sent.iter().map(|sent| &sent.subject);
    let searches = found.outflow.searches.iter().map(|search| &search.text);
    let discovery = found.outflow.discovery.iter();
    let discovery = discovery.flat_map(|found| [&found.query, &found.object]);
    for text in sent.chain(searches).chain(discovery) {
        quoted.insert(text.clone(), HIDDEN.to_owned());
    }
    quoted
}

/// Returns what stands for a file: its kind stays, for it says what left.
fn file_name(veil: &Veil, object: &str) -> String {
    let kind = object
        .rsplit(['/', '\\'])
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, kind)| kind)
        .filter(|kind| {
            (1..=5).contains(&kind.len()) && kind.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    let digest = veil.digest(object);
    kind.map_or_else(
        || format!("file-{digest}"),
        |kind| format!("file-{digest}.{kind}"),
    )
}

fn rule_name(veil: &Veil, name: &str) -> String {
    format!("rule-{}", &veil.digest(name)[..6])
}

/// Returns whether a part of a rule holds words of messages.
fn is_words(part: &str) -> bool {
    let part = part.to_lowercase();
    part.contains("words") || part.contains("pattern") || part.contains("text")
}

/// Hides what is content by its kind.
fn hide_contents(case: &mut Investigation, veil: &Veil) {
    let hide = |text: &mut String| {
        if !text.is_empty() {
            HIDDEN.clone_into(text);
        }
    };
    let seeds = case.brief.seeds.iter_mut();
    let seeds = seeds.chain(&mut case.attribution.unanswered);
    let proposed = case.attribution.proposals.iter_mut();
    for seed in seeds.chain(proposed.map(|proposal| &mut proposal.seed)) {
        if let Seed::Rule(name) = seed {
            *name = rule_name(veil, name);
        }
    }
    for rule in &mut case.rules.versions {
        if !rule.name.is_empty() {
            rule.name = rule_name(veil, &rule.name);
        }
        for (name, value) in rule.conditions.iter_mut().chain(&mut rule.actions) {
            if is_words(name) {
                hide(value);
            }
        }
    }
    for file in &mut case.outflow.files {
        file.object = file_name(veil, &file.object);
    }
    case.outflow
        .sent
        .iter_mut()
        .for_each(|sent| hide(&mut sent.subject));
    case.outflow
        .searches
        .iter_mut()
        .for_each(|search| hide(&mut search.text));
    for discovery in &mut case.outflow.discovery {
        hide(&mut discovery.query);
        hide(&mut discovery.object);
    }
    for moment in &mut case.timeline {
        // A moment may quote a subject: what stands in quotation marks is hidden too.
        moment.text = without_quotations(&moment.text);
    }
}

/// Hands over every text of the case that may tell a person, but for those of its messages.
fn each_text(case: &mut Investigation, take: &mut dyn FnMut(&mut String, Said)) {
    let brief = &mut case.brief;
    for text in [&mut brief.tenant, &mut brief.user, &mut brief.mailbox] {
        take(text, Said::ByUs);
    }
    take(&mut case.statement.text, Said::ByUs);
    take(&mut case.statement.next, Said::ByUs);
    take(&mut case.coverage.sentence, Said::ByUs);
    take(&mut case.coverage.heartbeat, Said::ByUs);
    who(case, take);
    register(case, take);
    outflow(case, take);
    for moment in &mut case.timeline {
        take(&mut moment.text, Said::ByUs);
    }
    for entry in &mut case.entries {
        let texts = [&mut entry.value, &mut entry.reason, &mut entry.by];
        for text in texts {
            take(text, Said::ByPeople);
        }
        if entry.kind == EntryKind::Note || entry.object.contains('@') {
            take(&mut entry.object, Said::ByUs);
        }
    }
}

fn set(texts: &mut BTreeSet<String>, said: Said, take: &mut dyn FnMut(&mut String, Said)) {
    *texts = std::mem::take(texts)
        .into_iter()
        .map(|mut text| {
            take(&mut text, said);
            text
        })
        .collect();
}

/// How the origin of an analyst's verdict begins.
const VERDICT_OF: &str = "verdict of ";

fn who(case: &mut Investigation, take: &mut dyn FnMut(&mut String, Said)) {
    let attribution = &mut case.attribution;
    take(&mut attribution.window_because, Said::ByUs);
    set(&mut attribution.person.names, Said::ByUs, take);
    for context in &mut attribution.contexts {
        for text in [
            &mut context.mailbox,
            &mut context.actor,
            &mut context.client,
        ] {
            take(text, Said::ByUs);
        }
        // An analyst's verdict carries the analyst's words.
        let said = if context.overridden {
            Said::ByPeople
        } else {
            Said::ByUs
        };
        for reason in &mut context.reasons {
            take(&mut reason.text, said);
        }
    }
    for step in attribution.steps_mut() {
        // The way from an analyst's verdict carries the analyst's name and words.
        let said = if step.from.starts_with(VERDICT_OF) {
            Said::ByPeople
        } else {
            Said::ByUs
        };
        for text in [&mut step.from, &mut step.to, &mut step.by] {
            take(text, said);
        }
    }
    for eviction in &mut attribution.evictions {
        take(&mut eviction.what, Said::ByUs);
    }
    for proposal in &mut attribution.proposals {
        take(&mut proposal.why, Said::ByUs);
    }
    for pivot in &mut attribution.pivots {
        take(&mut pivot.text, Said::ByUs);
        take(&mut pivot.follow, Said::ByUs);
    }
}

fn register(case: &mut Investigation, take: &mut dyn FnMut(&mut String, Said)) {
    for gap in &mut case.coverage.gaps {
        for text in [
            &mut gap.scope,
            &mut gap.effect,
            &mut gap.proof,
            &mut gap.fix,
        ] {
            take(text, Said::ByUs);
        }
    }
    for rule in &mut case.rules.versions {
        take(&mut rule.actor, Said::ByUs);
        take(&mut rule.because, Said::ByUs);
        set(&mut rule.targets, Said::ByPeople, take);
        for (_, value) in rule.conditions.iter_mut().chain(&mut rule.actions) {
            take(value, Said::ByPeople);
        }
    }
    for window in &mut case.syncs.windows {
        take(&mut window.folder, Said::ByPeople);
    }
    for whole in &mut case.syncs.whole_mailbox {
        set(&mut whole.folders, Said::ByPeople, take);
    }
}

fn outflow(case: &mut Investigation, take: &mut dyn FnMut(&mut String, Said)) {
    let outflow = &mut case.outflow;
    for file in &mut outflow.files {
        take(&mut file.actor, Said::ByUs);
        take(&mut file.object, Said::ByUs);
    }
    for sent in &mut outflow.sent {
        set(&mut sent.recipients, Said::ByPeople, take);
        take(&mut sent.subject, Said::ByPeople);
    }
    for search in &mut outflow.searches {
        take(&mut search.text, Said::ByPeople);
    }
    for discovery in &mut outflow.discovery {
        for text in [
            &mut discovery.actor,
            &mut discovery.object,
            &mut discovery.query,
        ] {
            take(text, Said::ByPeople);
        }
    }
    for party in &mut outflow.third_parties {
        take(&mut party.address, Said::ByPeople);
        set(&mut party.why, Said::ByUs, take);
    }
}

/// Message-IDs stay, but for an address of the case in one: they are what the messages are found by.
fn veiled_messages(messages: &Messages, veil: &Veil) -> Result<Messages, EngineError> {
    let mut copy = Messages::new();
    let mut failed = None;
    messages.each(&mut |judged| {
        let mut judged: Judged = judged.clone();
        if !judged.subject.is_empty() {
            HIDDEN.clone_into(&mut judged.subject);
        }
        veil.over_known(&mut judged.id);
        veil.over(&mut judged.mailbox, Said::ByUs);
        veil.over(&mut judged.because, Said::ByUs);
        let people = std::iter::once(&mut judged.from).chain(&mut judged.to);
        for text in people.chain(&mut judged.folders) {
            veil.over(text, Said::ByPeople);
        }
        match copy.add(&judged) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    copy.settle()?;
    failed.map_or(Ok(copy), Err)
}

/// Hides what stands between quotation marks or backticks, as subjects and names are quoted.
fn without_quotations(text: &str) -> String {
    let mut parts = text.split(['"', '`', '“', '”']);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for (at, part) in parts.enumerate() {
        kept.push_str(if at % 2 == 0 { HIDDEN } else { part });
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_quoted_subject_is_hidden() {
        assert_eq!(
            without_quotations("sent `Invoice 7` to `x` now"),
            "sent [hidden] to [hidden] now"
        );
    }

    #[test]
    fn the_kind_of_a_file_stays_and_its_name_goes() {
        let veil = Veil::new(
            String::new(),
            &BTreeSet::new(),
            &BTreeSet::new(),
            BTreeMap::new(),
        );
        let url =
            "https://contoso-my.sharepoint.com/personal/ann_contoso_com/Documents/Pay list.xlsx";
        let name = file_name(&veil, url);
        assert!(
            name.starts_with("file-")
                && Path::new(&name)
                    .extension()
                    .is_some_and(|kind| kind == "xlsx"),
            "{name}"
        );
        let folder = file_name(&veil, "https://contoso.sharepoint.com/sites/plans of ann");
        assert!(
            !folder.contains("ann") && !folder.contains("plans"),
            "{folder}"
        );
    }
}

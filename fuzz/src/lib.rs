//! What the fuzzers throw at the pure rooms, and what must hold whatever they throw.
//!
//! The corpus is replayed here as an ordinary test, so that an input that once did harm
//! is tried again with every change.

use evidence::Options;
use model::{DateOrder, Found, Place, Raw, Shape};
use normalise::Context;
use std::io::Cursor;
use std::ops::ControlFlow;

/// Every shape, chosen by the first byte of an input: `a` is the first.
const SHAPES: [Shape; 24] = [
    Shape::UnifiedAudit,
    Shape::OfficeActivity,
    Shape::CloudAppEvents,
    Shape::SignInGraph,
    Shape::SignInTable,
    Shape::SignInPortal,
    Shape::DirectoryAuditGraph,
    Shape::DirectoryAuditTable,
    Shape::DirectoryAuditPortal,
    Shape::RiskGraph,
    Shape::RiskTable,
    Shape::Diagnostic,
    Shape::AzureActivityApi,
    Shape::AzureActivityTable,
    Shape::AzureActivityPortal,
    Shape::DevOpsAuditApi,
    Shape::DevOpsAuditTable,
    Shape::MessageTrace,
    Shape::MessageTraceGraph,
    Shape::MessageTraceReport,
    Shape::EmailEvents,
    Shape::Alert,
    Shape::Other,
    Shape::MailboxInventory,
];

/// Reads the bytes as a file of evidence and understands whatever records come of it.
///
/// # Panics
///
/// When a record is not an object or what is said of the input says nothing.
pub fn read(bytes: &[u8]) {
    let options = Options {
        name: "input".to_owned(),
        ..Options::default()
    };
    let mut take = |found: Found<'_>| {
        match found {
            Found::Record(raw) => {
                assert!(
                    matches!(raw.body, model::Json::Object(_)),
                    "a record is an object"
                );
                understand(&raw);
            }
            Found::Reject(reject) => assert!(!reject.reason.is_empty(), "a reject has its reason"),
            Found::Notice(notice) => assert!(!notice.what.is_empty(), "a notice says something"),
        }
        ControlFlow::Continue(())
    };
    // An input that cannot be read at all is an error, which is as good an end as any.
    let _ = evidence::read(&mut Cursor::new(bytes), &options, &mut take);
}

/// Understands the bytes behind the first as a JSON body under the shape that the first names.
pub fn normalise(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let Ok(parsed) = model::json::parse(text) else {
        return;
    };
    let shape = SHAPES[usize::from(first.wrapping_sub(b'a')) % SHAPES.len()];
    understand(&Raw {
        shape,
        body: parsed.value,
        columns: Vec::new(),
        place: Place::default(),
        dates: DateOrder::Unknown,
    });
}

fn understand(raw: &Raw<'_>) {
    let context = Context {
        tenant: Some("tenant"),
        ..Context::default()
    };
    let understood = normalise::normalise(raw, &context);
    let event = &understood.event;
    assert!(!event.id.as_str().is_empty(), "every record has an id");
    assert!(
        !event.tenant.as_str().is_empty(),
        "every record has a tenant"
    );
    assert!(!event.source.is_empty(), "every record has a source");
    assert!(
        model::json::parse(&event.rest).is_ok(),
        "the rest is JSON: {}",
        event.rest
    );
    let again = normalise::normalise(raw, &context);
    assert_eq!(
        (event.fingerprint, &event.id),
        (again.event.fingerprint, &again.event.id),
        "the same twice"
    );
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    fn replay(target: &str, run: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(target);
        let entries = std::fs::read_dir(folder).expect("the corpus can be listed");
        let mut paths: Vec<_> = entries
            .map(|entry| entry.expect("an entry can be read").path())
            .collect();
        paths.sort();
        assert!(!paths.is_empty(), "the corpus is empty");
        for path in paths {
            let bytes = std::fs::read(&path).expect("a file of the corpus can be read");
            for end in (0..=bytes.len()).rev().step_by(bytes.len() / 16 + 1) {
                run(&bytes[..end]);
            }
        }
    }

    #[test]
    fn the_readers_survive_their_corpus_and_its_stumps() {
        replay("readers", super::read);
    }

    #[test]
    fn the_normaliser_survives_its_corpus_and_its_stumps() {
        replay("normaliser", super::normalise);
    }
}

//! Any files seal to a pack that verifies; any change of it is found.

use crate::specimen::{sealed, verified};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::Index;

fn files() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let path = "[a-d]{1,3}(/[e-h]{1,3}){0,2}\\.(csv|json|zst)";
    btree_map(path, vec(any::<u8>(), 0..300), 0..6).prop_map(|files| files.into_iter().collect())
}

#[derive(Clone, Debug)]
enum Mutation {
    Flip(Index, u8),
    Cut(Index, Index),
    Insert(Index, Vec<u8>),
    Copy(Index, Index, usize),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let index = any::<Index>;
    prop_oneof![
        (index(), 1..=255_u8).prop_map(|(at, flip)| Mutation::Flip(at, flip)),
        (index(), index()).prop_map(|(from, to)| Mutation::Cut(from, to)),
        (index(), vec(any::<u8>(), 1..40)).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        (index(), index(), 1..60_usize)
            .prop_map(|(from, to, length)| Mutation::Copy(from, to, length)),
    ]
}

fn apply(pack: &mut Vec<u8>, mutation: &Mutation) {
    let length = pack.len();
    match mutation {
        Mutation::Flip(at, flip) => pack[at.index(length)] ^= flip,
        Mutation::Cut(from, to) => {
            let (from, to) = (from.index(length), to.index(length));
            pack.drain(from.min(to)..from.max(to));
        }
        Mutation::Insert(at, bytes) => {
            let at = at.index(length);
            pack.splice(at..at, bytes.iter().copied());
        }
        Mutation::Copy(from, to, count) => {
            let (from, to) = (from.index(length), to.index(length));
            let count = (*count).min(length - from).min(length - to);
            pack.copy_within(from..from + count, to);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sealed_verifies_and_whatever_is_changed_is_found(
        files in files(),
        mutations in vec(mutation(), 1..4),
    ) {
        let (pack, seal) = sealed(&files);
        let whole = verified(&pack);
        prop_assert_eq!(&whole.difference, &None);
        prop_assert_eq!((whole.files, whole.bytes), (seal.files, seal.bytes));
        let mut changed = pack.clone();
        for mutation in &mutations {
            if !changed.is_empty() {
                apply(&mut changed, mutation);
            }
        }
        prop_assert_eq!(verified(&changed).difference.is_some(), changed != pack);
    }

    #[test]
    fn no_bytes_whatever_make_the_verifier_panic(bytes in vec(any::<u8>(), 0..400)) {
        prop_assert!(verified(&bytes).difference.is_some());
    }
}

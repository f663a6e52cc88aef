//! The Merkle tree over the files of a pack, hashed as RFC 6962 section 2.1 hashes its log.
//!
//! A leaf's data is the file's line in `SHA256SUMS` without the line end, so that the
//! root can be computed again from that list alone.

use crate::digest::Digest;
use sha2::Digest as _;
use sha2::Sha256;

/// How the root is computed, in the manifest's words.
pub(crate) const METHOD: &str = "RFC 6962 section 2.1 with SHA-256: the leaf of a file is \
    SHA-256(0x00 || its line in SHA256SUMS without the line end), a node is \
    SHA-256(0x01 || left || right), over `files` in the order given here";

/// A tree that is grown leaf by leaf and keeps one digest for each level.
#[derive(Debug, Default)]
pub(crate) struct MerkleTree {
    /// The roots of the full subtrees on the left edge, the largest first, with their heights.
    full: Vec<(u32, Digest)>,
}

impl MerkleTree {
    /// Adds a file as the next leaf.
    pub(crate) fn add(&mut self, path: &str, sha256: &Digest) {
        let line = format!("{sha256}  {path}");
        self.push(hashed(0, line.as_bytes(), b""));
    }

    fn push(&mut self, leaf: Digest) {
        let (mut height, mut node) = (0, leaf);
        while let Some(&(top, left)) = self.full.last() {
            if top != height {
                break;
            }
            self.full.pop();
            node = hashed(1, left.as_bytes(), node.as_bytes());
            height += 1;
        }
        self.full.push((height, node));
    }

    /// Returns the root; that of no leaves is the digest of nothing.
    pub(crate) fn root(&self) -> Digest {
        let mut nodes = self.full.iter().rev().map(|&(_, node)| node);
        let Some(last) = nodes.next() else {
            return Digest::of(b"");
        };
        nodes.fold(last, |right, left| {
            hashed(1, left.as_bytes(), right.as_bytes())
        })
    }
}

/// The prefix keeps a leaf from being taken for a node, as RFC 6962 explains.
fn hashed(prefix: u8, first: &[u8], second: &[u8]) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update([prefix]);
    hasher.update(first);
    hasher.update(second);
    Digest::finished(hasher)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6962's own definition, word for word.
    fn by_definition(leaves: &[Vec<u8>]) -> Digest {
        match leaves {
            [] => Digest::of(b""),
            [leaf] => hashed(0, leaf, b""),
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(split);
                hashed(
                    1,
                    by_definition(left).as_bytes(),
                    by_definition(right).as_bytes(),
                )
            }
        }
    }

    #[test]
    fn every_size_of_tree_has_the_root_of_the_definition() {
        for count in 0..70_u8 {
            let leaves: Vec<Vec<u8>> = (0..count).map(|leaf| vec![leaf; 3]).collect();
            let mut tree = MerkleTree::default();
            for leaf in &leaves {
                tree.push(hashed(0, leaf, b""));
            }
            assert_eq!(tree.root(), by_definition(&leaves), "{count} leaves");
        }
    }

    #[test]
    fn a_leaf_is_the_line_of_the_list() {
        let mut tree = MerkleTree::default();
        tree.add("a.csv", &Digest::of(b"x"));
        let line = format!("{}  a.csv", Digest::of(b"x"));
        assert_eq!(tree.root(), hashed(0, line.as_bytes(), b""));
    }
}

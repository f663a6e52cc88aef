//! Chance from a seed: the same seed draws the same things on every machine, for ever.
//!
//! SplitMix64 (Steele, Lea, Flood, 2014): twenty lines that no new version of a crate changes.

/// A stream of draws.
#[derive(Clone, Debug)]
pub(crate) struct Seed(u64);

impl Seed {
    /// Returns the stream of a number.
    #[must_use]
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns another stream, named: what is drawn from it disturbs no other.
    #[must_use]
    pub(crate) fn fork(&self, name: &str) -> Self {
        let mut hash = self.0 ^ 0xcbf2_9ce4_8422_2325;
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mut forked = Self(hash);
        forked.draw();
        forked
    }

    /// Returns another stream, numbered.
    #[must_use]
    pub(crate) fn child(&self, number: u64) -> Self {
        let mut child = Self(self.0 ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        child.draw();
        child
    }

    /// Draws any number.
    pub(crate) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Draws a number below `bound`; nought when there is nothing below it.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.draw() % bound }
    }

    /// Draws a number of `from..to`.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below(to.saturating_sub(from).max(0) as u64) as i64
    }

    /// Says yes `percent` times in a hundred.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Draws one of some things.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }

    /// Draws a GUID of version 4.
    pub(crate) fn guid(&mut self) -> String {
        let (high, low) = (self.draw(), self.draw());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            ((low >> 48) & 0x3fff) | 0x8000,
            low & 0xffff_ffff_ffff
        )
    }

    /// Draws letters of an alphabet.
    pub(crate) fn letters(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet = alphabet.as_bytes();
        (0..length)
            .map(|_| char::from(*self.pick(alphabet)))
            .collect()
    }

    /// Draws hexadecimal digits in lower case.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.letters("0123456789abcdef", length)
    }

    /// Draws hexadecimal digits in upper case.
    pub(crate) fn upper_hex(&mut self, length: usize) -> String {
        self.letters("0123456789ABCDEF", length)
    }

    /// Draws what looks like base64.
    pub(crate) fn base64(&mut self, length: usize) -> String {
        const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        self.letters(LETTERS, length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_for_ever() {
        let mut seed = Seed::new(7);
        assert_eq!(seed.draw(), 0x63cb_e1e4_5932_0dd7);
        assert_eq!(seed.fork("mail").guid(), seed.fork("mail").guid());
        assert_ne!(seed.fork("mail").guid(), seed.fork("files").guid());
    }
}

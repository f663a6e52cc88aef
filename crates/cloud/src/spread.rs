//! Chance: pauses that do not all end together, and ids that do not repeat.

use ring::rand::SystemRandom;
use std::time::Duration;

/// Returns the duration made longer by up to a quarter.
pub(crate) fn jittered(pause: Duration) -> Duration {
    pause + below(pause / 4)
}

/// Returns a duration up to the given one.
pub(crate) fn below(most: Duration) -> Duration {
    let chance = f64::from(u16::from_le_bytes(random())) / f64::from(u16::MAX);
    most.mul_f64(chance)
}

/// Returns the `n`th pause of a series that doubles, at most an hour.
pub(crate) fn doubled(first: Duration, n: u32) -> Duration {
    let pause = first.saturating_mul(2_u32.saturating_pow(n.min(16)));
    jittered(pause.min(Duration::from_hours(1)))
}

/// Returns a fresh random GUID.
pub(crate) fn guid() -> String {
    let mut bits = u128::from_le_bytes(random());
    bits = (bits & !(0xF << 76)) | (4 << 76);
    bits = (bits & !(0x3 << 62)) | (2 << 62);
    let hex = format!("{bits:032x}");
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

fn random<const N: usize>() -> [u8; N]
where
    [u8; N]: ring::rand::RandomlyConstructable,
{
    ring::rand::generate::<[u8; N]>(&SystemRandom::new())
        .map(ring::rand::Random::expose)
        .expect("the system gives random bytes, or TLS could not work either")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_with_a_little_chance() {
        for (n, least) in [(0, 30), (1, 60), (2, 120), (40, 3600)] {
            let pause = doubled(Duration::from_secs(30), n).as_secs_f64();
            assert!(
                (f64::from(least)..=f64::from(least) * 1.25).contains(&pause),
                "{n}: {pause}"
            );
        }
    }

    #[test]
    fn a_guid_looks_like_one_and_is_fresh() {
        let (one, two) = (guid(), guid());
        assert_ne!(one, two);
        assert_eq!(one.len(), 36);
        assert_eq!(&one[14..15], "4");
        assert!("89ab".contains(&one[19..20]), "{one}");
    }
}

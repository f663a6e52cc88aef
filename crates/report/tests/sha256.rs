//! SHA-256 (FIPS 180-4) in base64, to check the page's policy as a browser does.

/// Returns the digest as a content security policy writes it.
pub(crate) fn source(bytes: &[u8]) -> String {
    let digest: Vec<u8> = digest(bytes)
        .iter()
        .flat_map(|word| word.to_be_bytes())
        .collect();
    format!("sha256-{}", base64(&digest))
}

#[test]
fn the_digest_is_the_one_of_the_standard() {
    assert_eq!(digest(b"abc")[0], 0xba78_16bf);
    assert_eq!(
        source(b""),
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    );
}

fn digest(bytes: &[u8]) -> [u32; 8] {
    let primes: Vec<f64> = (2..312u32)
        .filter(|number| (2..*number).all(|factor| number % factor != 0))
        .map(f64::from)
        .collect();
    let fraction = |root: f64| (root.fract() * 4_294_967_296.0) as u32;
    let rounds: Vec<u32> = primes.iter().map(|prime| fraction(prime.cbrt())).collect();
    let mut state: [u32; 8] = std::array::from_fn(|at| fraction(primes[at].sqrt()));
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if bytes.len() % 64 > 55 {
        padded.resize(padded.len() + 64, 0);
    }
    let end = padded.len();
    padded[end - 8..].copy_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks_exact(64) {
        compress(&mut state, block, &rounds);
    }
    state
}

fn compress(state: &mut [u32; 8], block: &[u8], rounds: &[u32]) {
    let mut words: Vec<u32> = block
        .chunks_exact(4)
        .map(|word| u32::from_be_bytes(word.try_into().expect("four bytes")))
        .collect();
    for at in 16..64 {
        let (near, far) = (words[at - 15], words[at - 2]);
        let low = near.rotate_right(7) ^ near.rotate_right(18) ^ (near >> 3);
        let high = far.rotate_right(17) ^ far.rotate_right(19) ^ (far >> 10);
        let next = words[at - 16].wrapping_add(low).wrapping_add(words[at - 7]);
        words.push(next.wrapping_add(high));
    }
    let mut s = *state;
    for (round, word) in rounds.iter().zip(&words) {
        let high = s[4].rotate_right(6) ^ s[4].rotate_right(11) ^ s[4].rotate_right(25);
        let choice = (s[4] & s[5]) ^ (!s[4] & s[6]);
        let first = [high, choice, *round, *word]
            .iter()
            .fold(s[7], |sum, part| sum.wrapping_add(*part));
        let low = s[0].rotate_right(2) ^ s[0].rotate_right(13) ^ s[0].rotate_right(22);
        let most = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        s.rotate_right(1);
        s[4] = s[4].wrapping_add(first);
        s[0] = first.wrapping_add(low).wrapping_add(most);
    }
    for (old, new) in state.iter_mut().zip(s) {
        *old = old.wrapping_add(new);
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let mut three = [0; 3];
        three[..group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= group.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}

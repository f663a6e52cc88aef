//! Names that are made to be taken for others: other letters, the same look.

/// Up to so many letters a likeness may be an accident.
const SHORT: usize = 3;
/// From so many letters on one letter more, less or changed is no accident.
const LONG: usize = 6;

/// Returns whether a domain can be taken for another one that it is not. The own name with another
/// ending is no disguise, nor is a name below the own one.
pub(crate) fn is_mistakable(domain: &str, own: &str) -> bool {
    let (Some((name, _)), Some((own_name, _))) = (domain.split_once('.'), own.split_once('.'))
    else {
        return false;
    };
    let is_below = domain
        .strip_suffix(own)
        .is_some_and(|front| front.ends_with('.'));
    if name == own_name || is_below || own_name.len() <= SHORT {
        return false;
    }
    let plain = |name: &str| as_seen(&name.to_lowercase().replace('-', ""));
    let (seen, own_seen) = (plain(name), plain(own_name));
    seen == own_seen || (own_name.len() >= LONG && is_one_off(&seen, &own_seen))
}

/// Returns a word in lower case as the eye takes it: letters that look alike are one.
pub(crate) fn as_seen(word: &str) -> String {
    let pairs = word
        .replace("rn", "m")
        .replace("vv", "w")
        .replace("cl", "d");
    pairs.chars().map(letter).collect()
}

fn letter(letter: char) -> char {
    match letter {
        '0' | 'о' | 'ο' | 'ö' | 'ó' | 'ò' | 'ø' => 'o',
        '1' | 'l' | '|' | 'і' | 'ı' | 'í' | 'ì' | 'ï' | 'ι' => 'i',
        '3' | 'е' | 'é' | 'è' | 'ë' | 'ε' => 'e',
        '5' | 'ѕ' | 'ś' | 'š' => 's',
        'а' | 'á' | 'à' | 'ä' | 'α' => 'a',
        'с' | 'ç' | 'ć' => 'c',
        'р' | 'ρ' => 'p',
        'х' | 'χ' => 'x',
        'м' => 'm',
        'т' | 'τ' => 't',
        'ƒ' => 'f',
        other => other,
    }
}

/// Returns whether one letter was changed, left out, put in, or two neighbours swapped.
pub(crate) fn is_one_off(left: &str, right: &str) -> bool {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let same = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[same..], &right[same..]);
    match (left, right) {
        ([], []) => false,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) if a == b => true,
        ([a, b, rest @ ..], [c, d, other @ ..]) => a == d && b == c && rest == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_likeness_is_seen_and_an_accident_is_not() {
        for (domain, own, expected) in [
            ("c0ntoso.example", "contoso.example", true),
            ("con-toso.example", "contoso.example", true),
            ("contosoo.example", "contoso.example", true),
            ("cortoso.example", "contoso.example", true),
            ("contsoo.test", "contoso.example", true),
            ("rnelon.example", "melon.example", true),
            ("cornmerce.example", "commerce.example", true),
            ("contoso.test", "contoso.example", false),
            ("contoso.example", "contoso.example", false),
            ("mail.contoso.example", "contoso.example", false),
            ("fabrikam.example", "contoso.example", false),
            ("abd.example", "abc.example", false),
            ("", "contoso.example", false),
        ] {
            assert_eq!(is_mistakable(domain, own), expected, "{domain} {own}");
        }
    }
}

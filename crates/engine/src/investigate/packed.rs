//! Rows on their way through a temporary file: small, quick, and read by this process alone.

use casework::{Class, ContextId, Delivered, Handled, Judged, Tag};
use model::{Timestamp, Touch};

/// Something that can be written as bytes and read back by the same build of this program.
pub(super) trait Packed: Sized {
    /// Appends itself.
    fn pack(&self, to: &mut Vec<u8>);
    /// Takes itself from the front; nothing when the bytes were not written by `pack`.
    fn unpack(from: &mut &[u8]) -> Option<Self>;
}

impl Packed for u32 {
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.to_le_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = from.split_first_chunk()?;
        *from = rest;
        Some(Self::from_le_bytes(*bytes))
    }
}

impl Packed for i64 {
    fn pack(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.to_le_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = from.split_first_chunk()?;
        *from = rest;
        Some(Self::from_le_bytes(*bytes))
    }
}

impl Packed for bool {
    fn pack(&self, to: &mut Vec<u8>) {
        to.push(u8::from(*self));
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let (first, rest) = from.split_first()?;
        *from = rest;
        Some(*first != 0)
    }
}

impl Packed for String {
    fn pack(&self, to: &mut Vec<u8>) {
        (self.len() as u32).pack(to);
        to.extend_from_slice(self.as_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let length = u32::unpack(from)? as usize;
        let (text, rest) = from.split_at_checked(length)?;
        *from = rest;
        Some(std::str::from_utf8(text).ok()?.to_owned())
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        self.is_some().pack(to);
        if let Some(value) = self {
            value.pack(to);
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        if bool::unpack(from)? {
            T::unpack(from).map(Some)
        } else {
            Some(None)
        }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        (self.len() as u32).pack(to);
        for value in self {
            value.pack(to);
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let length = u32::unpack(from)?;
        (0..length).map(|_| T::unpack(from)).collect()
    }
}

impl Packed for Timestamp {
    fn pack(&self, to: &mut Vec<u8>) {
        self.0.pack(to);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        i64::unpack(from).map(Self)
    }
}

impl Packed for ContextId {
    fn pack(&self, to: &mut Vec<u8>) {
        self.0.pack(to);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        String::unpack(from).map(Self)
    }
}

/// Packs an enumeration as its place in the list of its values.
macro_rules! packed_by_place {
    ($kind:ty, $all:expr) => {
        impl Packed for $kind {
            fn pack(&self, to: &mut Vec<u8>) {
                let place = $all.iter().position(|one| one == self);
                to.push(place.map_or(u8::MAX, |place| place as u8));
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                let (place, rest) = from.split_first()?;
                *from = rest;
                $all.get(usize::from(*place)).copied()
            }
        }
    };
}

packed_by_place!(Touch, Touch::ALL);
packed_by_place!(Class, Class::ALL);
packed_by_place!(Tag, Tag::ALL);

/// Packs a struct as its fields, in the order given.
macro_rules! packed_by_field {
    ($kind:ty { $($field:ident),+ $(,)? }) => {
        impl Packed for $kind {
            fn pack(&self, to: &mut Vec<u8>) {
                $(self.$field.pack(to);)+
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Packed::unpack(from)?),+ })
            }
        }
    };
}

packed_by_field!(Handled {
    record,
    time,
    touch,
    action,
    failed,
    items_in_record,
    internet_message_id,
    item_id,
    subject,
    folder_id,
    folder,
    to_folder,
    size_bytes,
});

packed_by_field!(Delivered {
    record,
    time,
    internet_message_id,
    network_message_id,
    sender,
    recipient,
    subject,
    status,
    direction,
    location,
    size_bytes,
});

packed_by_field!(Judged {
    mailbox,
    id,
    class,
    because,
    first_seen,
    last_seen,
    times,
    folders,
    subject,
    from,
    to,
    received,
    size_bytes,
    contexts,
    records,
    tags,
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_is_unpacked_and_what_is_cut_off_is_nothing() {
        let judged = Judged {
            mailbox: "ann@example.com".to_owned(),
            id: "<a@x>".to_owned(),
            class: Class::S,
            because: String::new(),
            first_seen: Some(Timestamp(-5)),
            last_seen: None,
            times: 7,
            folders: vec!["\\Boîte".to_owned(), String::new()],
            subject: "\u{202e}gnp".to_owned(),
            from: String::new(),
            to: Vec::new(),
            received: Some(Timestamp(i64::MAX)),
            size_bytes: Some(-1),
            contexts: vec![ContextId("c-1".to_owned())],
            records: vec!["r".to_owned()],
            tags: vec![Tag::NoMetadata, Tag::Crawl],
        };
        let mut bytes = Vec::new();
        judged.pack(&mut bytes);
        let mut all = bytes.as_slice();
        assert_eq!(Judged::unpack(&mut all), Some(judged));
        assert!(all.is_empty());
        for end in 0..bytes.len() {
            assert_eq!(Judged::unpack(&mut &bytes[..end]), None, "{end}");
        }
    }
}

//! A text that several people write at once: a CRDT, [`yrs`] here and Yjs in the pages.
//!
//! Whoever has the same updates has the same text, in whatever order they came, and however often.

use crate::error::DocumentError;
use lambdio::prelude::*;
use std::time::Duration;
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};
use yrs::{
    Doc, GetString, ReadTxn, StateVector, Transact, Update, diff_updates_v1, encode_state_vector_from_update_v1,
    encoding::read::{Cursor, Read},
    updates::{decoder::Decode, encoder::Encode},
};

/// What the text is called inside of its document, here and in the pages.
const NAME: &str = "text";

/// Texts that are read or tidied up at the same time. It is work for one thread at most, since nothing can stop it: a text that
/// was made to be hard keeps others from being read, and from nothing else.
static THREADS: Semaphore = Semaphore::const_new(1);

/// How long a text may take to be tidied up.
const PATIENCE: Duration = Duration::from_secs(2);

/// A text as its updates make it: all of them in one.
///
/// Making one, and telling what somebody lacks, takes as long as the updates are large. To read it, or to find what was
/// deleted, its letters have to be brought into their order. For updates that somebody has made to be hard that may take hours,
/// so it is done on a thread of its own.
#[derive(Clone)]
pub struct Text(Binary);

impl Text {
    /// Puts updates together.
    pub fn of<'a>(updates: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let updates = updates.into_iter().filter_map(|update| decode(update).ok());
        Self(Update::merge_updates(updates).encode_v1().into())
    }

    /// The text itself.
    ///
    /// # Errors
    /// The server is about to stop.
    pub async fn text(self) -> Result<String, lambdio::Error> {
        let thread = THREADS.acquire().await?;
        Ok(spawn_blocking(move || (self.read(), thread).0).await?)
    }

    /// What somebody lacks who has what this state vector says.
    ///
    /// # Errors
    /// [`DocumentError::Update`] for bytes that are no state vector.
    pub fn since(&self, vector: &[u8]) -> Result<Binary, DocumentError> {
        claims_what_it_has(vector)?;
        let lacking = diff_updates_v1(&self.0, vector).map_err(|_| DocumentError::Update)?;
        Ok(lacking.into())
    }

    /// What this text has: whoever gets it can tell what is missing here.
    ///
    /// # Errors
    /// None: what was put together is an update.
    pub fn vector(&self) -> Result<Binary, DocumentError> {
        let vector = encode_state_vector_from_update_v1(&self.0).map_err(|_| DocumentError::Update)?;
        Ok(vector.into())
    }

    /// One update that makes all of the text, without what was deleted, and without what builds on updates that are missing:
    /// no page makes such a one. Where that would take too long, nothing is left out.
    pub async fn without_deleted(self) -> Binary {
        let whole = self.0.clone();
        let Ok(thread) = THREADS.try_acquire() else { return whole };
        let tidied = spawn_blocking(move || (self.tidied(), thread).0);
        timeout(PATIENCE, tidied).await.ok().and_then(Result::ok).unwrap_or(whole)
    }

    fn read(&self) -> String {
        let doc = self.in_order();
        let text = doc.get_or_insert_text(NAME);
        text.get_string(&doc.transact())
    }

    fn tidied(&self) -> Binary {
        self.in_order().transact().encode_diff_v1(&StateVector::default()).into()
    }

    fn in_order(&self) -> Doc {
        let doc = Doc::new();
        doc.get_or_insert_text(NAME);
        if let Ok(update) = decode(&self.0) {
            // what does not fit is left out
            let _ = doc.transact_mut().apply_update(update);
        }
        doc
    }
}

/// Whether these bytes are an update, one that can be put together with others.
///
/// [`yrs`] reads some that it cannot write: what it writes of them is no update, and neither is what they are put together
/// with. One such update would keep everybody from a text.
///
/// # Errors
/// [`DocumentError::Update`] where they are not.
pub fn check(update: &[u8]) -> Result<(), DocumentError> {
    let written = decode(update)?.encode_v1();
    if decode(&written)?.encode_v1() == written { Ok(()) } else { Err(DocumentError::Update) }
}

fn decode(update: &[u8]) -> Result<Update, DocumentError> {
    claims_what_it_has(update)?;
    Update::decode_v1(update).map_err(|_| DocumentError::Update)
}

/// Both encodings begin with a number of entries, for which [`yrs`] makes room before it reads them: few bytes that claim
/// thousands of millions would take all memory. Each entry has two bytes at least.
fn claims_what_it_has(bytes: &[u8]) -> Result<(), DocumentError> {
    let entries: u32 = Cursor::new(bytes).read_var().map_err(|_| DocumentError::Update)?;
    if entries as usize <= bytes.len() / 2 { Ok(()) } else { Err(DocumentError::Update) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};
    use yrs::{Text as _, encoding::write::Write};

    /// What somebody types.
    #[derive(Debug, Clone)]
    enum Typing {
        Insert(u32, String),
        Delete(u32, u32),
    }

    fn typing() -> impl Strategy<Value = Vec<Typing>> {
        let insert = (any::<u32>(), "[a-zäö€😀 ]{1,8}").prop_map(|(at, text)| Typing::Insert(at, text));
        let delete = (any::<u32>(), 1..6u32).prop_map(|(at, length)| Typing::Delete(at, length));
        vec(prop_oneof![3 => insert, 1 => delete], 1..20)
    }

    /// The updates of somebody who types, and the text at the end.
    fn typed(keys: &[Typing]) -> (Vec<Vec<u8>>, String) {
        let options = yrs::Options { offset_kind: yrs::OffsetKind::Utf16, ..yrs::Options::default() };
        let doc = Doc::with_options(options);
        let text = doc.get_or_insert_text(NAME);
        let mut updates = Vec::new();
        for key in keys {
            let mut change = doc.transact_mut();
            let units: Vec<u16> = text.get_string(&change).encode_utf16().collect();
            let length = u32::try_from(units.len()).unwrap();
            // never between the two halves of one character
            let whole = |at: u32| {
                if units.get(at as usize).is_some_and(|unit| (0xdc00..0xe000).contains(unit)) { at - 1 } else { at }
            };
            match key {
                Typing::Insert(at, typed) => text.insert(&mut change, whole(at % (length + 1)), typed),
                Typing::Delete(at, count) if length > 0 => {
                    let from = whole(at % length);
                    let to = whole((from + count).min(length));
                    text.remove_range(&mut change, from, to - from);
                }
                Typing::Delete(..) => {}
            }
            updates.push(change.encode_update_v1());
        }
        let end = text.get_string(&doc.transact());
        (updates, end)
    }

    fn of(updates: &[Vec<u8>]) -> Text {
        Text::of(updates.iter().map(Vec::as_slice))
    }

    proptest! {
        #[test]
        fn updates_make_the_same_text_in_any_order_and_however_often(keys in typing(), seed in any::<u64>()) {
            let (updates, end) = typed(&keys);
            let mut mixed = [updates.clone(), updates.clone()].concat();
            let count = mixed.len();
            for at in 0..count {
                let other = usize::try_from(seed.rotate_left(u32::try_from(at).unwrap()) % u64::try_from(count).unwrap()).unwrap();
                mixed.swap(at, other);
            }
            prop_assert_eq!(of(&mixed).read(), end.clone());
            prop_assert_eq!(of(&[of(&mixed).tidied().to_vec()]).read(), end);
        }

        #[test]
        fn who_gets_what_they_lack_has_all(keys in typing(), known in any::<prop::sample::Index>()) {
            let (updates, end) = typed(&keys);
            let known = &updates[..known.index(updates.len())];
            let lacking = of(&updates).since(&of(known).vector().unwrap()).unwrap();
            let all = known.iter().map(Vec::as_slice).chain([&*lacking]);
            prop_assert_eq!(Text::of(all).read(), end);
        }

        #[test]
        fn what_has_a_gap_counts_once_the_gap_is_filled(keys in typing()) {
            let (updates, end) = typed(&keys);
            let (first, later) = updates.split_first().unwrap();
            let filled = later.iter().chain([first]).map(Vec::as_slice);
            prop_assert_eq!(Text::of(filled).read(), end.clone());
            prop_assert_eq!(of(&[of(later).0.to_vec(), first.clone()]).read(), end);
        }

        #[test]
        fn bytes_of_any_kind_are_an_update_or_refused(bytes in vec(any::<u8>(), 0..200), keys in typing()) {
            survive(&bytes, &typed(&keys).0);
        }

        #[test]
        fn an_update_with_other_bytes_in_it_is_an_update_or_refused(
            keys in typing(),
            changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        ) {
            let (updates, _) = typed(&keys);
            let mut bytes = of(&updates).tidied().to_vec();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            survive(&bytes, &updates);
        }
    }

    #[test]
    fn what_can_be_read_but_not_put_together_is_refused() {
        // a list of an old kind, with one string in it: it is read as one from 0 on, and written as one from 1 on
        let mut list = vec![1, 1, 2, 0, 2, 1, 4];
        list.extend(NAME.bytes());
        list.extend([0, 0, 0]);
        assert!(Update::decode_v1(&list).is_ok());
        assert!(Text::of([list.as_slice()]).vector().is_err());
        assert!(check(&list).is_err());
    }

    #[test]
    fn few_bytes_that_claim_much_take_no_memory() {
        let claim = [0xff, 0xff, 0xff, 0xff, 0x0f, 0, 1, 0];
        assert!(check(&claim).is_err());
        assert!(Text::of([]).since(&claim).is_err());
    }

    /// Whatever passes the check neither breaks a text nor keeps what is in it from being read.
    fn survive(bytes: &[u8], updates: &[Vec<u8>]) {
        if check(bytes).is_ok() {
            let with_it = Text::of(updates.iter().map(Vec::as_slice).chain([bytes]));
            let _ = (with_it.read(), with_it.tidied(), with_it.since(&with_it.vector().unwrap()));
        }
        let _ = Text::of([]).since(bytes);
    }

    #[tokio::test]
    async fn what_is_hard_to_bring_into_order_is_kept_and_told_all_the_same() {
        let hard = hard(30_000);
        check(&hard).unwrap();
        let text = Text::of([hard.as_slice()]);
        assert!(text.since(&text.vector().unwrap()).unwrap().len() < 10);
        assert_eq!(*text.since(&[0]).unwrap(), *hard);
    }

    /// An update that is hard to bring into order: each letter has to be compared with nearly all before it.
    fn hard(letters: u32) -> Vec<u8> {
        let mut update = Vec::new();
        for number in [2_u32, 1, 2, 0, 4, 1] {
            update.write_var(number);
        }
        update.write_string(NAME);
        update.write_string(&"a".repeat(letters as usize));
        for number in [letters, 1, 0] {
            update.write_var(number);
        }
        for before in 0..letters {
            for number in [0x44, 2, before] {
                update.write_var(number);
            }
            update.write_string("x");
        }
        update.write_var(0_u32);
        update
    }
}

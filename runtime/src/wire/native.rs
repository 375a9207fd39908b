//! Whether a value is on its way to or from BSON, where it is to be native.

use std::any::type_name;

/// Whether `S`, a serializer or deserializer of serde's that calls itself `human_readable` or not, is one of BSON's.
///
/// What the driver stores goes through BSON's serializer for bytes, which is not human readable. But
/// `bson::serialize_to_document` and its like call themselves human readable, as JSON does, and serde has no other way
/// to tell them apart. Without this an id would become text there, and no query for it would find anything. The tests
/// of [`Id`](super::Id) hold what the names of types are trusted for here.
pub(super) fn is_bson<S>(human_readable: bool) -> bool {
    !human_readable || type_name::<S>().contains("bson::")
}

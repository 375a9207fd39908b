//! One layer of settings that is merged over those below it.

use std::fmt;

use ::config::{ConfigError, Map, Source, Value, ValueKind};

/// The values of one file or of the command line.
#[derive(Clone, Default)]
pub(super) struct Layer {
    pub(super) table: Map<String, Value>,
}

/// The values may be secret.
impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layer").finish_non_exhaustive()
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.table.clone())
    }

    /// The stock merge reads `a.b` in a quoted key as a path and forgets where tables were written.
    fn collect_to(&self, below: &mut Value) -> Result<(), ConfigError> {
        merge(below, Value::new(None, self.table.clone()));
        Ok(())
    }
}

/// Lays `above` over `below`: tables key by key, anything else as a whole. A table keeps its lowest
/// origin.
pub(super) fn merge(below: &mut Value, above: Value) {
    let origin = above.origin().map(str::to_owned);
    match (&mut below.kind, above.kind) {
        (ValueKind::Table(below), ValueKind::Table(above)) => {
            for (key, value) in above {
                match below.get_mut(&key) {
                    Some(present) => merge(present, value),
                    None => {
                        below.insert(key, value);
                    }
                }
            }
        }
        (_, kind) => *below = Value::new(origin.as_ref(), kind),
    }
}

/// A value at the end of a path, as nested tables.
pub(super) fn nest(path: Vec<String>, value: Value) -> Value {
    let origin = value.origin().map(str::to_owned);
    path.into_iter().rev().fold(value, |inner, key| Value::new(origin.as_ref(), Map::from([(key, inner)])))
}

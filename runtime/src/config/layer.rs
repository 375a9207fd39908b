//! Layers of settings, laid one over the other.

use ::config::{Map, Value, ValueKind};

use super::tree::Node;

/// The layers so far, as one.
pub(super) struct Merged {
    pub(super) root: Value,
    lost: Vec<(Vec<String>, Value)>,
}

/// What a higher layer put away although it was a section there and none here, or the other way round: nobody meant that.
#[derive(Clone)]
pub(super) struct Lost {
    pub(super) path: Vec<String>,
    /// Nothing but the value, at its path.
    pub(super) tree: Node,
}

impl Merged {
    pub(super) fn new() -> Self {
        Self { root: Value::new(None, Map::<String, Value>::new()), lost: Vec::new() }
    }

    /// Lays a layer over what is there: tables key by key, anything else as a whole. A table keeps its lowest origin.
    ///
    /// The stock merge of the layer crate reads `a.b` in a quoted key as a path and forgets where tables were written.
    pub(super) fn lay(&mut self, above: Value) {
        lay(&mut self.root, above, &mut Vec::new(), &mut self.lost);
    }

    /// What was put away.
    pub(super) fn lost(&mut self) -> Vec<Lost> {
        let lost = |(path, value): (Vec<String>, Value)| {
            let mut tree = Node::empty();
            tree.put(&path, Some(value.into()));
            Lost { path, tree }
        };
        std::mem::take(&mut self.lost).into_iter().map(lost).collect()
    }
}

fn lay(below: &mut Value, above: Value, path: &mut Vec<String>, lost: &mut Vec<(Vec<String>, Value)>) {
    let origin = above.origin().map(str::to_owned);
    match (&mut below.kind, above.kind) {
        (ValueKind::Table(below), ValueKind::Table(above)) => {
            for (key, value) in above {
                match below.get_mut(&key) {
                    Some(present) => {
                        path.push(key);
                        lay(present, value, path, lost);
                        path.pop();
                    }
                    None => {
                        below.insert(key, value);
                    }
                }
            }
        }
        (present, kind) => {
            let is_other = matches!(present, ValueKind::Table(_)) != matches!(kind, ValueKind::Table(_));
            let below = std::mem::replace(below, Value::new(origin.as_ref(), kind));
            if is_other {
                lost.push((path.clone(), below));
            }
        }
    }
}

/// A value at the end of a path, as nested tables.
pub(super) fn nest(path: Vec<String>, value: Value) -> Value {
    let origin = value.origin().map(str::to_owned);
    path.into_iter().rev().fold(value, |inner, key| Value::new(origin.as_ref(), Map::from([(key, inner)])))
}

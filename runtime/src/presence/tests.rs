//! The roster against a simple model, and against many at once.

use super::{
    MAX_ROOMS, PresenceEntry,
    members::Who,
    meta::Meta,
    roster::{Notice, Place, Roster},
};
use crate::{auth::User, socket::SocketId};
use proptest::prelude::{Strategy, prop_oneof, proptest};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

const ROOMS: [&str; 2] = ["red", "blue"];

/// Two sockets of Ada, one of Grace, two without a login.
const SOCKETS: [(&str, Option<&str>); 5] =
    [("s0", Some("Ada")), ("s1", Some("Ada")), ("s2", Some("Grace")), ("s3", None), ("s4", None)];

fn who(number: usize) -> Who {
    let (socket, user) = SOCKETS[number];
    let socket: SocketId = serde_json::from_value(socket.into()).unwrap();
    Who { socket, user: user.map(|name| User::without_session(format!("id of {name}"), name.to_owned(), Vec::new())) }
}

fn meta(number: u8) -> Meta {
    Meta::encode(&number).unwrap()
}

#[derive(Debug, Clone)]
enum Step {
    Track(usize, usize, u8),
    Untrack(usize, usize),
    Depart(usize),
    Clear(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (socket, room) = (0..SOCKETS.len(), 0..ROOMS.len());
    let step = prop_oneof![
        4 => (socket.clone(), room.clone(), 0..3_u8).prop_map(|(socket, room, meta)| Step::Track(socket, room, meta)),
        2 => (socket.clone(), room.clone()).prop_map(|(socket, room)| Step::Untrack(socket, room)),
        1 => socket.prop_map(Step::Depart),
        1 => room.prop_map(Step::Clear),
    ];
    proptest::collection::vec(step, 0..60)
}

/// What is true: who is present where with which meta, in the order it was tracked.
#[derive(Default)]
struct Model(Vec<(usize, usize, u8)>);

impl Model {
    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Track(socket, room, meta) => {
                self.0.retain(|(s, r, _)| (*s, *r) != (socket, room));
                self.0.push((socket, room, meta));
            }
            Step::Untrack(socket, room) => self.0.retain(|(s, r, _)| (*s, *r) != (socket, room)),
            Step::Depart(socket) => self.0.retain(|(s, ..)| *s != socket),
            Step::Clear(room) => self.0.retain(|(_, r, _)| *r != room),
        }
    }

    fn list(&self, room: usize) -> View {
        let mut view = View::new();
        for (socket, _, number) in self.0.iter().filter(|(_, r, _)| *r == room) {
            let who = who(*socket);
            let (id, name) = match &who.user {
                Some(user) => (user.id().to_owned(), Some(user.name().to_owned())),
                None => (who.socket.to_string(), None),
            };
            let sockets = view.get(&id).map_or(0, |entry| entry.sockets) + 1;
            view.insert(id.clone(), PresenceEntry { id, name, sockets, meta: meta(*number) });
        }
        view
    }

    fn size(&self) -> (usize, usize) {
        let rooms: BTreeSet<_> = self.0.iter().map(|(_, room, _)| room).collect();
        let sockets: BTreeSet<_> = self.0.iter().map(|(socket, ..)| socket).collect();
        (rooms.len(), sockets.len())
    }
}

type View = BTreeMap<String, PresenceEntry<Meta>>;

/// What a client makes of what it hears in one room; `None` while it has no list.
#[derive(Default, Clone)]
struct Client {
    in_room: bool,
    view: Option<View>,
}

impl Client {
    fn hear(&mut self, me: &SocketId, notice: &Notice) {
        let (entry, except) = match notice {
            Notice::List(to, entries) if to == me => {
                self.view = Some(entries.iter().map(|entry| (entry.id.clone(), entry.clone())).collect());
                return;
            }
            Notice::List(..) => return,
            Notice::Cleared => {
                self.view = self.view.as_ref().map(|_| View::new());
                return;
            }
            Notice::Joined(entry, except) => (entry, Some(except)),
            Notice::Changed(entry, except) => (entry, except.as_ref()),
            Notice::Left(entry) => (entry, None),
        };
        let Some(view) = self.view.as_mut().filter(|_| self.in_room && except != Some(me)) else { return };
        let known = match notice {
            Notice::Left(_) => view.remove(&entry.id),
            _ => view.insert(entry.id.clone(), entry.clone()),
        };
        let expected = !matches!(notice, Notice::Joined(..));
        assert_eq!(known.is_some(), expected, "who joins is new, who changes or leaves is known: {notice:?}");
    }
}

proptest! {
    /// After every step the lists are right, whoever applies what they hear has the same, and nothing else is kept.
    #[test]
    fn what_is_heard_is_what_is_true(steps in steps()) {
        let (roster, mut model) = (Roster::default(), Model::default());
        let clients = RefCell::new(vec![vec![Client::default(); ROOMS.len()]; SOCKETS.len()]);
        let tell = |place: &Place, notice: Notice| {
            let room = ROOMS.iter().position(|room| *room == place.room).unwrap();
            for (number, rooms) in clients.borrow_mut().iter_mut().enumerate() {
                rooms[room].hear(&who(number).socket, &notice);
            }
        };
        let place = |room: usize| Place::new("/", ROOMS[room]);
        for step in steps {
            model.apply(&step);
            match step {
                Step::Track(socket, room, number) => {
                    clients.borrow_mut()[socket][room].in_room = true;
                    roster.track(&place(room), who(socket), meta(number), tell);
                }
                Step::Untrack(socket, room) => roster.untrack(&place(room), &who(socket), tell),
                Step::Depart(socket) => {
                    clients.borrow_mut()[socket].fill(Client::default());
                    roster.depart(&who(socket), tell);
                }
                Step::Clear(room) => {
                    roster.clear(&place(room), tell);
                    for rooms in clients.borrow_mut().iter_mut() {
                        assert!(rooms[room].view.as_ref().is_none_or(BTreeMap::is_empty));
                        rooms[room] = Client::default();
                    }
                }
            }
            for (number, rooms) in clients.borrow().iter().enumerate() {
                for (room, client) in rooms.iter().enumerate() {
                    let truth = model.list(room);
                    if client.in_room {
                        assert_eq!(client.view.as_ref(), Some(&truth), "socket {number} in {room}");
                    }
                }
            }
            for room in 0..ROOMS.len() {
                let list = roster.list(&place(room));
                assert!(list.is_sorted_by(|one, other| one.order() < other.order()));
                assert_eq!(list.into_iter().map(|entry| (entry.id.clone(), entry)).collect::<View>(), model.list(room));
            }
            assert_eq!(roster.size(), model.size());
        }
    }

}

#[test]
fn a_socket_is_present_in_so_many_rooms_and_no_more() {
    let roster = Roster::default();
    let socket = who(0).socket;
    for number in 0..MAX_ROOMS {
        let place = Place::new("/", &number.to_string());
        assert!(roster.admits(&place, &socket));
        roster.track(&place, who(0), meta(0), |_, _| {});
    }
    assert!(!roster.admits(&Place::new("/", "one more"), &socket));
    assert!(roster.admits(&Place::new("/", "7"), &socket), "it may track again");
    assert!(roster.admits(&Place::new("/", "one more"), &who(1).socket), "others may");
    roster.depart(&who(0), |_, _| {});
    assert_eq!(roster.size(), (0, 0));
}

#[test]
fn many_at_once_are_heard_in_the_order_of_the_truth_and_leave_nothing_behind() {
    const ROUNDS: usize = 400;
    let roster = Roster::default();
    let heard: Mutex<BTreeMap<String, View>> = Mutex::default();
    let tell = |place: &Place, notice: Notice| {
        let mut heard = heard.lock().unwrap();
        let view = heard.entry(place.room.clone()).or_default();
        match notice {
            Notice::Joined(entry, _) => assert_eq!(view.insert(entry.id.clone(), entry), None),
            Notice::Changed(entry, _) => assert!(view.insert(entry.id.clone(), entry).is_some()),
            Notice::Left(entry) => assert!(view.remove(&entry.id).is_some()),
            Notice::List(_, list) => assert!(!list.is_empty()),
            Notice::Cleared => view.clear(),
        }
    };
    std::thread::scope(|scope| {
        for socket in 0..SOCKETS.len() {
            let (roster, tell) = (&roster, &tell);
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let number = u8::try_from((round * 7 + socket) % 5).unwrap();
                    let place: Arc<Place> = Place::new("/", ROOMS[round % ROOMS.len()]);
                    roster.track(&place, who(socket), meta(number), tell);
                    match number {
                        0 => roster.depart(&who(socket), tell),
                        1 => roster.untrack(&place, &who(socket), tell),
                        2 => roster.clear(&place, tell),
                        _ => drop(roster.list(&place)),
                    }
                }
                roster.depart(&who(socket), tell);
            });
        }
    });
    assert_eq!(roster.size(), (0, 0));
    assert!(heard.into_inner().unwrap().values().all(BTreeMap::is_empty));
}

#[test]
fn the_meta_tracked_last_counts_until_its_socket_goes() {
    let (roster, place) = (Roster::default(), Place::new("/", "red"));
    let only = |number: u8, sockets: usize| {
        let list = roster.list(&place);
        assert_eq!(
            list.iter().map(|entry| (entry.meta.clone(), entry.sockets)).collect::<Vec<_>>(),
            [(meta(number), sockets)]
        );
    };
    roster.track(&place, who(0), meta(1), |_, _| {});
    roster.track(&place, who(1), meta(2), |_, _| {});
    only(2, 2);
    roster.track(&place, who(0), meta(3), |_, _| {});
    only(3, 2);
    roster.untrack(&place, &who(0), |_, _| {});
    only(2, 1);
}

#[test]
fn each_event_has_a_schema_with_its_room() {
    for event in super::EVENTS {
        let schema = (event.payload)(&mut schemars::SchemaGenerator::default());
        assert!(schema.pointer("/properties/room").is_some(), "{}: {schema:?}", event.name);
    }
}

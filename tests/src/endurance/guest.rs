//! One of a crowd.

use crate::{
    RawConnection, Server,
    failure::{Place, fail},
};

/// How guests differ, by their numbers: sixteen kinds take turns.
const KINDS: usize = 16;

/// One who is gone before the server can have answered: without a namespace, or on the way into one, with events sent
/// already; half of them by a reset.
pub(super) async fn pass_by(server: &Server, number: usize, place: Place) {
    let mut connection = server.raw().await;
    if number % 4 >= 2 {
        connection.text("40/waves,").await;
        for event in 1..4 {
            connection.text(&format!("42/waves,{event}[\"number\",{event}]")).await;
        }
    }
    if number % 2 == 1 {
        connection.reset().unwrap_or_else(|error| fail(place, error.to_string()));
    }
}

/// A guest in `/waves`.
pub(super) struct Guest {
    number: usize,
    connection: RawConnection,
}

impl Guest {
    /// Comes in, enters two of the rooms, has some events answered; half of them leave one event unfinished. Half come
    /// straight by websocket, the others by polling first.
    pub async fn arrive(server: &Server, number: usize, rooms: usize) -> Self {
        let mut guest = Self::enter(server, number, number % KINDS >= 8, &[number % rooms, (number + 1) % rooms]).await;
        for event in 2..5 {
            guest.connection.text(&format!("42/waves,{event}[\"number\",{event}]")).await;
        }
        guest.connection.next_text("43/waves,4[").await;
        if number % 8 >= 4 {
            guest.connection.text("42/waves,[\"linger\"]").await;
            guest.connection.next_text("42/waves,[\"lingers\"").await;
        }
        guest
    }

    /// Comes in and stays silent, in a room with everybody.
    pub async fn arrive_to_listen(server: &Server, number: usize) -> Self {
        Self::enter(server, number, false, &[]).await
    }

    async fn enter(server: &Server, number: usize, by_upgrade: bool, rooms: &[usize]) -> Self {
        let mut connection = if by_upgrade { server.raw_by_upgrade().await } else { server.raw().await };
        connection.text("40/waves,").await;
        connection.next_text("40/waves,{").await;
        let rooms: Vec<String> = rooms.iter().map(|room| format!("\"{room}\"")).collect();
        connection.text(&format!("42/waves,1[\"enter\",[{}]]", rooms.join(","))).await;
        connection.next_text("43/waves,1[").await;
        Self { number, connection }
    }

    /// Waits for the call to everybody.
    pub async fn hear_the_call(&mut self) {
        self.connection.next_text("42/waves,[\"called\"").await;
    }

    /// Half of all leave without a goodbye: their connection ends, or is reset. The others leave the namespace and close,
    /// or only close.
    pub async fn leave(mut self, place: Place) {
        match self.number % 4 {
            0 => drop(self.connection),
            1 => self.connection.reset().unwrap_or_else(|error| fail(place, error.to_string())),
            2 => {
                self.connection.text("41/waves,").await;
                self.connection.close().await;
            }
            _ => self.connection.close().await,
        }
    }

    /// Resets the connection.
    pub fn cut(self, place: Place) {
        self.connection.reset().unwrap_or_else(|error| fail(place, error.to_string()));
    }
}

//! What all contexts of a socket have alike.

/// Implements the capabilities of a context with the fields `id` and `socket`, and what it gives back.
macro_rules! of_socket {
    ($context:ty, $output:ty) => {
        impl $crate::context::Context for $context {
            type Output = $output;

            fn invocation(&self) -> $crate::dispatch::InvocationId {
                self.id
            }

            fn app(&self) -> &$crate::app::AppState {
                &self.socket.connection().namespace.app
            }
        }

        impl $crate::context::HasSocket for $context {
            fn socket(&self) -> &$crate::socket::Socket {
                &self.socket
            }
        }

        impl $crate::context::HasUser for $context {
            async fn user(&mut self) -> Result<Option<$crate::auth::User>, $crate::error::Error> {
                Ok(self.socket.user().cloned())
            }
        }

        impl $crate::context::HasHandshake for $context {
            fn handshake(&self) -> Result<$crate::extract::Handshake, $crate::error::Error> {
                Ok(self.socket.handshake()?)
            }
        }
    };
}

pub(super) use of_socket;

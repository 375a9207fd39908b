//! The attributes of functions: `#[handler]`, `#[connect]`, `#[disconnect]`, `#[middleware]`, `#[route]`.

use crate::{
    access::{Policy, login, policy, roles},
    descriptor::{Target, generate},
    function::{Function, Kind},
    keys::Keys,
    measures::{check_size, check_timeout},
    names::{check_event, check_namespace, check_path},
};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Ident, LitStr, Path, ext::IdentExt};

const HANDLER_KEYS: [&str; 11] = [
    "namespace",
    "event",
    "any",
    "auth",
    "roles",
    "guard",
    "blocking",
    "timeout",
    "concurrent",
    "max_in_flight",
    "max_payload_size",
];

pub(crate) fn handler(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    expand(tokens, item, &HANDLER_KEYS, |keys| {
        let namespace = namespace(keys);
        let event = event_or_any(keys);
        let options = options(keys);
        let concurrent = keys.flag("concurrent").is_some();
        let (guard, guard_name) = guard(keys);
        let blocking = keys.flag("blocking").is_some();
        let kind = if blocking { Kind::Blocking } else { Kind::Handler };
        let role = quote! {
            Event {
                namespace: #namespace,
                event: #event,
                options: #options,
                concurrent: #concurrent,
                guard: #guard_name,
                blocking: #blocking,
                call: __lambdio_call
            }
        };
        Target { context: "EventContext", role, guard, kind }
    })
}

/// On which terms the runtime runs the function, the same for events and routes.
fn options(keys: &mut Keys) -> TokenStream {
    let timeout = keys.string("timeout").and_then(|timeout| keys.errors.check(check_timeout(&timeout)));
    let timeout = optional(timeout.map(|millis| quote!(::core::time::Duration::from_millis(#millis))));
    let max_in_flight = keys.integer::<usize>("max_in_flight").and_then(|(number, span)| {
        if number == 0 {
            keys.errors.at(span, "at least one invocation has to run: `max_in_flight = 1`");
        }
        (number > 0).then_some(number)
    });
    let max_in_flight = optional(max_in_flight);
    let size = keys.string("max_payload_size").and_then(|size| keys.errors.check(check_size(&size)));
    let max_payload_size = optional(size);
    let (login, roles) = (login(keys), roles(keys));
    quote! {
        ::lambdio::registry::Options {
            timeout: #timeout,
            max_in_flight: #max_in_flight,
            max_payload_size: #max_payload_size,
            login: #login,
            roles: &[#(#roles),*],
        }
    }
}

pub(crate) fn connect(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    expand(tokens, item, &["namespace", "auth", "roles"], |keys| {
        let namespace = namespace(keys);
        let Policy { auth, roles } = policy(keys);
        let auth = optional(auth);
        let role = quote! {
            Connect { namespace: #namespace, auth: #auth, roles: &[#(#roles),*], call: __lambdio_call }
        };
        Target::plain("ConnectContext", role)
    })
}

pub(crate) fn disconnect(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    expand(tokens, item, &["namespace"], |keys| {
        let namespace = namespace(keys);
        let role = quote!(Disconnect { namespace: #namespace, call: __lambdio_call });
        Target::plain("DisconnectContext", role)
    })
}

pub(crate) fn middleware(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    expand_if_clear(tokens, item, &["connect", "event", "namespace", "order"], |keys| {
        let (connect, event) = (keys.flag("connect"), keys.flag("event"));
        let namespace = keys.string("namespace");
        if let Some(namespace) = &namespace {
            keys.errors.check(check_namespace(namespace));
        }
        let namespace = optional(namespace);
        let order = keys.integer::<i32>("order").map_or(0, |(order, _)| order);
        let fields = quote!({ namespace: #namespace, order: #order, call: __lambdio_call });
        match (connect, event) {
            (Some(_), None) => Some(Target::plain("ConnectContext", quote!(ConnectMiddleware #fields))),
            (None, Some(_)) => Some(Target::plain("MiddlewareContext", quote!(EventMiddleware #fields))),
            (Some(_), Some(second)) => {
                keys.errors.at(second, "a middleware belongs to one chain: write a second function for this one");
                None
            }
            (None, None) => {
                if keys.errors.is_empty() {
                    let problem = "which chain? write #[middleware(connect)] or #[middleware(event)]";
                    keys.errors.at(Span::call_site(), problem);
                }
                None
            }
        }
    })
}

const METHODS: [(&str, &str); 5] =
    [("get", "Get"), ("post", "Post"), ("put", "Put"), ("patch", "Patch"), ("delete", "Delete")];

const ROUTE_KEYS: [&str; 11] =
    ["get", "post", "put", "patch", "delete", "auth", "roles", "guard", "timeout", "max_in_flight", "max_payload_size"];

pub(crate) fn route(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    expand(tokens, item, &ROUTE_KEYS, |keys| {
        let mut routes = METHODS.iter().filter_map(|(key, method)| Some((*method, keys.string(key)?)));
        let first = routes.next();
        let surplus: Vec<_> = routes.collect();
        for (_, path) in surplus {
            keys.errors.at(path.span(), "a route has one method: write a second function for this one");
        }
        if first.is_none() && keys.errors.is_empty() {
            keys.errors.at(Span::call_site(), "which method and path? write #[route(get = \"/…\")]");
        }
        let (method, path) = first.unwrap_or_else(|| ("Get", LitStr::new("/", Span::call_site())));
        keys.errors.check(check_path(&path));
        let method = Ident::new(method, Span::call_site());
        let options = options(keys);
        let (guard, guard_name) = guard(keys);
        let role = quote! {
            Route {
                method: ::lambdio::registry::Method::#method,
                path: #path,
                options: #options,
                guard: #guard_name,
                call: __lambdio_call
            }
        };
        Target { context: "HttpContext", role, guard, kind: Kind::Handler }
    })
}

/// Parse, check, generate. The function itself is passed on in any case, and served as far as it can be, so that a
/// wrong attribute brings no errors about a missing function.
fn expand(
    tokens: TokenStream,
    item: &TokenStream,
    accepted: &'static [&'static str],
    target: impl FnOnce(&mut Keys) -> Target,
) -> TokenStream {
    expand_if_clear(tokens, item, accepted, |keys| Some(target(keys)))
}

/// The same, for an attribute that may not even say what the function is for.
fn expand_if_clear(
    tokens: TokenStream,
    item: &TokenStream,
    accepted: &'static [&'static str],
    target: impl FnOnce(&mut Keys) -> Option<Target>,
) -> TokenStream {
    let mut keys = Keys::parse(tokens, accepted);
    let target = target(&mut keys);
    let wrong_keys = &keys.errors;
    let function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#item #wrong_keys #error);
        }
    };
    let wrong_function = function.check(target.as_ref().map_or(Kind::Handler, |target| target.kind));
    let generated = target.filter(|_| wrong_function.is_empty()).map(|target| generate(&function, &target));
    quote!(#function #generated #wrong_keys #wrong_function)
}

/// The namespace, `/` if none is given.
pub(crate) fn namespace(keys: &mut Keys) -> LitStr {
    let namespace = keys.string("namespace").unwrap_or_else(|| LitStr::new("/", Span::call_site()));
    keys.errors.check(check_namespace(&namespace));
    namespace
}

/// The event that a handler serves, or all that nobody else does.
fn event_or_any(keys: &mut Keys) -> TokenStream {
    let Some(any) = keys.flag("any") else {
        return event(keys, "event", "#[handler(event = \"…\")]").into_token_stream();
    };
    if keys.string("event").is_some() {
        keys.errors.at(any, "`any` serves every event that has no handler of its own: write it without `event`");
    }
    quote!(::lambdio::registry::ANY)
}

/// The guard, and its name for the registry.
fn guard(keys: &mut Keys) -> (Option<Path>, TokenStream) {
    let guard = keys.path("guard", "can_edit");
    let name = guard.as_ref().map(|path| {
        let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect();
        names.join("::")
    });
    (guard, optional(name))
}

/// The event's name. An empty one stands for what is missing, which is reported.
pub(crate) fn event(keys: &mut Keys, key: &str, example: &str) -> LitStr {
    match keys.required(key, Span::call_site(), example) {
        Some(event) => {
            keys.errors.check(check_event(&event));
            event
        }
        None => LitStr::new("", Span::call_site()),
    }
}

fn optional(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(|| quote!(::core::option::Option::None), |value| quote!(::core::option::Option::Some(#value)))
}

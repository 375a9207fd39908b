//! The attributes of functions: `#[handler]`, `#[connect]`, `#[disconnect]`, `#[middleware]`, `#[route]`.

use crate::{
    function::Function,
    keys::Keys,
    names::{check_event, check_namespace, check_path, check_timeout},
};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Error, Lifetime, LitStr, spanned::Spanned};

pub fn handler(tokens: TokenStream, item: TokenStream) -> TokenStream {
    expand(tokens, item, &["namespace", "event", "timeout"], |keys| {
        let namespace = namespace(keys);
        let event = required(keys, "event", "#[handler(event = \"…\")]");
        if let Some(event) = &event {
            check(keys, check_event(event));
        }
        let timeout = keys.string("timeout").and_then(|timeout| {
            let milliseconds = check_timeout(&timeout);
            milliseconds.map_err(|error| keys.report(error)).ok()
        });
        let timeout = match timeout {
            Some(milliseconds) => {
                quote!(::core::option::Option::Some(::core::time::Duration::from_millis(#milliseconds)))
            }
            None => quote!(::core::option::Option::None),
        };
        let role = quote!(Event { namespace: #namespace, event: #event, timeout: #timeout, call: __lambdio_call });
        Target { context: "EventContext", role }
    })
}

pub fn connect(tokens: TokenStream, item: TokenStream) -> TokenStream {
    expand(tokens, item, &["namespace"], |keys| {
        let namespace = namespace(keys);
        Target { context: "ConnectContext", role: quote!(Connect { namespace: #namespace, call: __lambdio_call }) }
    })
}

pub fn disconnect(tokens: TokenStream, item: TokenStream) -> TokenStream {
    expand(tokens, item, &["namespace"], |keys| {
        let namespace = namespace(keys);
        Target {
            context: "DisconnectContext",
            role: quote!(Disconnect { namespace: #namespace, call: __lambdio_call }),
        }
    })
}

pub fn middleware(tokens: TokenStream, item: TokenStream) -> TokenStream {
    expand(tokens, item, &["connect", "namespace", "order"], |keys| {
        if keys.flag("connect").is_none() && !keys.has_errors() {
            keys.report(Error::new(Span::call_site(), "which chain? write #[middleware(connect)]"));
        }
        let namespace = match keys.string("namespace") {
            Some(namespace) => {
                check(keys, check_namespace(&namespace));
                quote!(::core::option::Option::Some(#namespace))
            }
            None => quote!(::core::option::Option::None),
        };
        let order = keys.integer::<i32>("order").map_or(0, |(order, _)| order);
        let role = quote!(ConnectMiddleware { namespace: #namespace, order: #order, call: __lambdio_call });
        Target { context: "ConnectContext", role }
    })
}

const METHODS: [(&str, &str); 5] =
    [("get", "Get"), ("post", "Post"), ("put", "Put"), ("patch", "Patch"), ("delete", "Delete")];

pub fn route(tokens: TokenStream, item: TokenStream) -> TokenStream {
    expand(tokens, item, &["get", "post", "put", "patch", "delete"], |keys| {
        let mut routes =
            METHODS.iter().filter_map(|(key, method)| Some((*method, keys.string(key)?))).collect::<Vec<_>>();
        if let [_, (_, second), ..] = &routes[..] {
            keys.report(Error::new(second.span(), "a route has one method: write a second function for this one"));
        } else if routes.is_empty() && !keys.has_errors() {
            keys.report(Error::new(Span::call_site(), "which path? write #[route(get = \"/…\")]"));
        }
        let (method, path) = match routes.pop() {
            Some((method, path)) => (method, Some(path)),
            None => ("Get", None),
        };
        if let Some(path) = &path {
            check(keys, check_path(path));
        }
        let method = syn::Ident::new(method, Span::call_site());
        let role = quote!(Route { method: ::lambdio::registry::Method::#method, path: #path, call: __lambdio_call });
        Target { context: "HttpContext", role }
    })
}

/// What is generated for one kind of handler.
struct Target {
    /// The context's name.
    context: &'static str,
    /// The descriptor's role.
    role: TokenStream,
}

/// Parse, check, generate. The function itself is passed on in any case, so that a wrong attribute brings no errors
/// about a missing function.
fn expand(
    tokens: TokenStream,
    item: TokenStream,
    accepted: &'static [&'static str],
    target: impl FnOnce(&mut Keys) -> Target,
) -> TokenStream {
    let mut keys = Keys::parse(tokens, accepted);
    let target = target(&mut keys);
    let function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            keys.report(error);
            let errors = keys.finish().map(Error::into_compile_error);
            return quote!(#item #errors);
        }
    };
    function.check(&mut keys);
    match keys.finish() {
        Some(errors) => {
            let errors = errors.into_compile_error();
            quote!(#function #errors)
        }
        None => generate(&function, &target),
    }
}

fn generate(function: &Function, Target { context, role }: &Target) -> TokenStream {
    let name = &function.signature.ident;
    let text = name.to_string();
    let conditions = function.conditions();
    let context = syn::Ident::new(context, Span::call_site());
    let context = quote!(::lambdio::context::#context);
    let life = Lifetime::new("'a", Span::mixed_site());
    let cx = syn::Ident::new("cx", Span::mixed_site());
    let needs = syn::Ident::new("needs", Span::mixed_site());

    // The same expression stands in both functions, so that a wrong argument is one error, at its type.
    let extractors: Vec<_> = function
        .arguments()
        .map(|ty| quote_spanned!(ty.span()=> ::lambdio::__private::argument::<#ty, #context>()))
        .collect();
    let arguments: Vec<_> = (0..extractors.len())
        .map(|position| syn::Ident::new(&format!("argument_{position}"), Span::mixed_site()))
        .collect();
    let reply = function.reply();
    let responder = quote_spanned! {reply.span()=>
        ::lambdio::__private::Returned::<#reply>::new().kind().responder::<#context>()
    };

    quote! {
        #function

        #(#conditions)*
        const _: () = {
            #[allow(unused_imports)]
            use ::lambdio::__private::{Argument as _, Fallible as _, Plain as _, Responder as _};

            fn __lambdio_call<#life>(
                #cx: &#life mut #context,
            ) -> ::lambdio::__private::Outcome<#life, #context> {
                ::std::boxed::Box::pin(async move {
                    #(let #arguments = #extractors.extract(#cx).await?;)*
                    let reply = #name(#(#arguments),*).await;
                    #responder.respond(reply, #cx)
                })
            }

            fn __lambdio_declare(#needs: &mut ::lambdio::registry::Needs) {
                #(#extractors.declare(#needs);)*
                #responder.declare(#needs);
            }

            ::lambdio::__private::inventory::submit! {
                ::lambdio::registry::Descriptor {
                    role: ::lambdio::registry::Role::#role,
                    location: ::lambdio::registry::Location {
                        file: ::core::file!(),
                        line: ::core::line!(),
                        module: ::core::module_path!(),
                        name: #text,
                    },
                    declare: __lambdio_declare,
                }
            }
        };
    }
}

/// The namespace, `/` if none is given.
pub fn namespace(keys: &mut Keys) -> LitStr {
    match keys.string("namespace") {
        Some(namespace) => {
            check(keys, check_namespace(&namespace));
            namespace
        }
        None => LitStr::new("/", Span::call_site()),
    }
}

/// A string that has to be there. It is not reported as missing beside other errors, which may be its cause.
pub fn required(keys: &mut Keys, key: &str, example: &str) -> Option<LitStr> {
    let value = keys.string(key);
    if value.is_none() && !keys.has_errors() {
        keys.report(Error::new(Span::call_site(), format!("`{key}` is missing: write {example}")));
    }
    value
}

pub fn check(keys: &mut Keys, result: Result<(), Error>) {
    if let Err(error) = result {
        keys.report(error);
    }
}

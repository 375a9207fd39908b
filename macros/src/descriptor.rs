//! What is generated beside an annotated item: a descriptor for the registry, and the functions it points to.

use crate::function::{Function, Kind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Lifetime, Path, Type, ext::IdentExt};

/// What is generated for one kind of handler.
pub(crate) struct Target {
    /// The context's name.
    pub(crate) context: &'static str,
    /// The descriptor's role.
    pub(crate) role: TokenStream,
    /// What may refuse the invocation.
    pub(crate) guard: Option<Path>,
    /// How the function is called.
    pub(crate) kind: Kind,
}

impl Target {
    /// An async function without a guard.
    pub(crate) fn plain(context: &'static str, role: TokenStream) -> Self {
        Self { context, role, guard: None, kind: Kind::Handler }
    }
}

/// The call, the declaration and the descriptor of a function.
pub(crate) fn generate(function: &Function, Target { context, role, guard, kind }: &Target) -> TokenStream {
    let name = &function.signature.ident;
    let conditions = function.conditions();
    let allowances = function.allowances();
    let context = Ident::new(context, Span::call_site());
    let context = quote!(::lambdio::context::#context);
    let life = Lifetime::new("'a", Span::mixed_site());
    let [cx, needs, reply] = ["cx", "needs", "reply"].map(local);

    // A wrong type is one error, at its first token: the compiler shows equal errors at equal places once. So every
    // expression that depends on the type has that place, in the call and in the declaration alike.
    let Arguments { names, extract, declare } = Arguments::of(function, &context, &cx, &needs);
    // an alias, so that what is no type is said once and plainly
    let alias = guard.as_ref().map(|guard| quote!(type __LambdioGuard = #guard;));
    let guarded = guard.as_ref().map(
        |guard| quote_spanned!(first(guard)=> ::lambdio::__private::guarded::<__LambdioGuard, #context>().guard()),
    );
    let place = guard.as_ref().map_or_else(Span::call_site, first);
    let check = guarded.as_ref().map(|guarded| quote_spanned!(place=> #guarded.check(#cx).await?;));
    let declare_guard = guarded.as_ref().map(|guarded| quote_spanned!(place=> #guarded.declare(#needs);));
    let returned = function.reply();
    let place = first(&returned);
    let responder = quote_spanned!(place=> ::lambdio::__private::returned::<#returned, #context>().kind().responder());
    let respond = quote_spanned!(place=> #responder.respond(#reply, #cx));
    let declare_reply = quote_spanned!(place=> #responder.declare(#needs););
    let run = match kind {
        // as clippy would write it
        Kind::Blocking if names.is_empty() => {
            quote_spanned!(name.span()=> ::lambdio::__private::blocking(#cx, #name).await?)
        }
        Kind::Blocking => {
            quote_spanned!(name.span()=> ::lambdio::__private::blocking(#cx, move || #name(#(#names),*)).await?)
        }
        Kind::Handler | Kind::Guard => quote!(#name(#(#names),*).await),
    };
    let body = quote! {
        #(#extract)*
        #check
        let #reply = #run;
        #respond
    };
    // the place of the error about a future that is not `Send`
    let call = quote_spanned!(name.span()=> ::std::boxed::Box::pin(async move { #body }));
    let descriptor = descriptor(name, role, &quote!(__lambdio_declare));

    quote! {
        #(#conditions)*
        #allowances
        const _: () = {
            use ::lambdio::__private::methods::*;

            #alias

            fn __lambdio_call<#life>(
                #cx: &#life mut #context,
            ) -> ::lambdio::__private::Outcome<#life, #context> {
                #call
            }

            fn __lambdio_declare(#needs: &mut ::lambdio::registry::Needs) {
                // what the handler says itself counts for more
                #declare_guard
                #(#declare)*
                #declare_reply
            }

            #descriptor
        };
    }
}

/// The arguments of a function: how each is extracted into a variable, and how it says what it needs.
pub(crate) struct Arguments {
    pub(crate) names: Vec<Ident>,
    pub(crate) extract: Vec<TokenStream>,
    pub(crate) declare: Vec<TokenStream>,
}

impl Arguments {
    pub(crate) fn of(function: &Function, context: &TokenStream, cx: &Ident, needs: &Ident) -> Self {
        let names: Vec<_> = (0..function.arguments().count()).map(|at| local(&format!("argument_{at}"))).collect();
        let extractor =
            |ty: &Type| quote_spanned!(first(ty)=> ::lambdio::__private::argument::<#ty, #context>().extractor());
        let extract = function.arguments().zip(&names).map(|(ty, name)| {
            let extractor = extractor(ty);
            quote_spanned!(first(ty)=> let #name = #extractor.extract(#cx).await?;)
        });
        let declare = function.arguments().map(|ty| {
            let extractor = extractor(ty);
            quote_spanned!(first(ty)=> #extractor.declare(#needs);)
        });
        Self { extract: extract.collect(), declare: declare.collect(), names }
    }
}

/// Submits a descriptor to the registry.
pub(crate) fn descriptor(name: &Ident, role: &TokenStream, declare: &TokenStream) -> TokenStream {
    let name = name.unraw().to_string();
    quote! {
        ::lambdio::__private::inventory::submit! {
            ::lambdio::registry::Descriptor {
                role: ::lambdio::registry::Role::#role,
                location: ::lambdio::registry::Location {
                    file: ::core::file!(),
                    line: ::core::line!(),
                    module: ::core::module_path!(),
                    name: #name,
                },
                declare: #declare,
            }
        }
    }
}

/// Where a type or path begins.
pub(crate) fn first(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span())
}

pub(crate) fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

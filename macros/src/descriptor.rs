//! What is generated beside an annotated item: a descriptor for the registry, and the functions it points to.

use crate::function::Function;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Lifetime, Type, ext::IdentExt};

/// What is generated for one kind of handler.
pub(crate) struct Target {
    /// The context's name.
    pub(crate) context: &'static str,
    /// The descriptor's role.
    pub(crate) role: TokenStream,
}

/// The call, the declaration and the descriptor of a function.
pub(crate) fn generate(function: &Function, Target { context, role }: &Target) -> TokenStream {
    let name = &function.signature.ident;
    let conditions = function.conditions();
    let allowances = function.allowances();
    let context = Ident::new(context, Span::call_site());
    let context = quote!(::lambdio::context::#context);
    let life = Lifetime::new("'a", Span::mixed_site());
    let [cx, needs, reply] = ["cx", "needs", "reply"].map(local);

    // A wrong type is one error, at its first token: the compiler shows equal errors at equal places once. So every
    // expression that depends on the type has that place, in the call and in the declaration alike.
    let arguments: Vec<_> = (0..function.arguments().count()).map(|at| local(&format!("argument_{at}"))).collect();
    let extract = function.arguments().zip(&arguments).map(|(ty, argument)| {
        quote_spanned! {first(ty)=>
            let #argument = ::lambdio::__private::argument::<#ty, #context>().extractor().extract(#cx).await?;
        }
    });
    let declare = function.arguments().map(
        |ty| quote_spanned!(first(ty)=> ::lambdio::__private::argument::<#ty, #context>().extractor().declare(#needs);),
    );
    let returned = function.reply();
    let place = first(&returned);
    let responder = quote_spanned!(place=> ::lambdio::__private::returned::<#returned, #context>().kind().responder());
    let respond = quote_spanned!(place=> #responder.respond(#reply, #cx));
    let declare_reply = quote_spanned!(place=> #responder.declare(#needs););
    let body = quote! {
        #(#extract)*
        let #reply = #name(#(#arguments),*).await;
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

            fn __lambdio_call<#life>(
                #cx: &#life mut #context,
            ) -> ::lambdio::__private::Outcome<#life, #context> {
                #call
            }

            fn __lambdio_declare(#needs: &mut ::lambdio::registry::Needs) {
                #(#declare)*
                #declare_reply
            }

            #descriptor
        };
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

/// Where a type begins.
pub(crate) fn first(ty: &Type) -> Span {
    ty.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span())
}

fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

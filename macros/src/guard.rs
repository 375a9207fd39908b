//! `#[guard]`: a function that other handlers name.

use crate::{
    descriptor::{Arguments, first, local},
    function::{Function, Kind},
    keys::Keys,
};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

/// The function itself, and a type of the same name that implements `Guard`. Functions are values and braced structs are
/// types, so both live side by side and one `use` brings both.
pub(crate) fn guard(tokens: TokenStream, item: &TokenStream) -> TokenStream {
    let keys = Keys::parse(tokens, &[]);
    let wrong_keys = &keys.errors;
    let function = match syn::parse2::<Function>(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#item #wrong_keys #error);
        }
    };
    let wrong_function = function.check(Kind::Guard);
    let generated = wrong_function.is_empty().then(|| generate(&function));
    quote!(#function #generated #wrong_keys #wrong_function)
}

fn generate(function: &Function) -> TokenStream {
    let name = &function.signature.ident;
    let visibility = function.visibility();
    let conditions: Vec<_> = function.conditions().collect();
    let allowances = function.allowances();
    let documentation = function.documentation();
    let context = quote!(__LambdioContext);
    let [cx, needs, reply] = ["cx", "needs", "reply"].map(local);
    let types = function.arguments();
    let Arguments { names, extract, declare } = Arguments::of(function, &context, &cx, &needs);
    let returned = function.reply();
    let place = first(&returned);
    let judge = quote_spanned!(place=> ::lambdio::__private::judged::<#returned>().verdict());
    let judge_reply = quote_spanned!(place=> #judge.judge(#reply));
    let declare_reply = quote_spanned!(place=> #judge.declare(#needs););

    quote! {
        #(#conditions)*
        #(#documentation)*
        #[allow(non_camel_case_types, dead_code)]
        #visibility struct #name {}

        #(#conditions)*
        #allowances
        const _: () = {
            use ::lambdio::__private::methods::*;

            impl<#context: ::lambdio::context::Context> ::lambdio::Guard<#context> for #name
            where
                #(#types: ::lambdio::Extract<#context>,)*
            {
                async fn check(#cx: &mut #context) -> ::core::result::Result<(), ::lambdio::Error> {
                    #(#extract)*
                    let #reply = #name(#(#names),*).await;
                    #judge_reply
                }

                fn declare(#needs: &mut ::lambdio::registry::Needs) {
                    #(#declare)*
                    #declare_reply
                }
            }
        };
    }
}

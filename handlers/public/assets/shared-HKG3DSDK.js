import{a,b,c,d,e,f,g}from"./shared-L2T7VZIZ.js";import"./shared-QVMF7S3P.js";export{d as BY_DOCUMENT,a as CACHES,b as DOCUMENTS,c as UPDATES,f as forget,e as forgetAll,g as transaction};

import{f as o,i}from"./shared-BPHHISTD.js";import{p as r}from"./shared-VLQKB4B6.js";import"./shared-QVMF7S3P.js";o(await r(),i);

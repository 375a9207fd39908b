import{f as o,i}from"./shared-SLRTKZCV.js";import{p as r}from"./shared-YK7GAAYZ.js";import"./shared-QVMF7S3P.js";o(await r(),i);

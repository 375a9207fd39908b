import{f as o,i}from"./shared-IXBT2NEH.js";import{p as r}from"./shared-ITVK5ZAB.js";import"./shared-QVMF7S3P.js";o(await r(),i);

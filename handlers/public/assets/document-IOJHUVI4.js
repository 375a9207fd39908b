import{f as o,i}from"./shared-64C6N4XF.js";import{p as r}from"./shared-ITVK5ZAB.js";import"./shared-QVMF7S3P.js";o(await r(),i);

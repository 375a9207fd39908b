import{a as o,b as i}from"./shared-Q3GDOSSO.js";import{d as r}from"./shared-LLQ5VXIO.js";import"./shared-QVMF7S3P.js";i(await r(),o);

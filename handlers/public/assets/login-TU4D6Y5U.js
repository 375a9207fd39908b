import{c as o}from"./shared-LLQ5VXIO.js";import"./shared-QVMF7S3P.js";console.debug(o);

import{k as a,l as b}from"./shared-OWFH6LJM.js";import"./shared-YUETFLNH.js";import"./shared-W3HDKOSR.js";import"./shared-QVMF7S3P.js";export{a as saveRest,b as settled};

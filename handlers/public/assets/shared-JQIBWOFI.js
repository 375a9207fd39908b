import{k as a,l as b}from"./shared-VGX7AOTA.js";import"./shared-YUETFLNH.js";import"./shared-L65JRGUE.js";import"./shared-QVMF7S3P.js";export{a as saveRest,b as settled};

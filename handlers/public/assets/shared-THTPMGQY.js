import"./shared-QVMF7S3P.js";async function n(){}export{n as forgetAll};

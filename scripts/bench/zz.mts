import { benchEvaluate } from "./evaluate";
console.log(await benchEvaluate());

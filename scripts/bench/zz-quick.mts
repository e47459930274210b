import { startBench } from "/work/main/scripts/bench/decision-point";
import { postBytes, runLoad } from "/work/main/scripts/bench/http-load";
import { execSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
const cpuOf = (pred:(cmd:string)=>boolean) => { let t=0; for (const d of readdirSync("/proc")) { if(!/^\d+$/.test(d)) continue; try { const cmd=readFileSync(`/proc/${d}/cmdline","utf8`.replace('","utf8',''),"utf8"); if(!pred(cmd)) continue; const s=readFileSync(`/proc/${d}/stat`,"utf8"); const f=s.slice(s.lastIndexOf(")")+2).split(" "); t+=Number(f[11])+Number(f[12]); } catch {} } return t*10; };
const b = await startBench();
const mk=(content:boolean)=>Array.from({length:200},(_,at)=>postBytes("/v1/decisions",b.credential,content?{action:"prompt",model:"openai/gpt-4o",sessionId:`s-${at}`,actor:{id:`u-${at%50}`},messages:[{role:"user",content:("Request "+at+". We would like to talk about the open questions of the contract before the end of May. Reach help@example.com or https://docs.example.com/a/b?c=d, order 20-4471. ".repeat(8)).slice(0,1000)}]}:{action:at%3===0?"tool_call":"prompt",model:"openai/gpt-4o",...(at%3===0&&{tool:{name:`search_${at%4}`}}),sessionId:`session-${at}`,actor:{id:`u-${at%50}`},dataClass:"internal"}));
const pgmark=b.url.split(":").at(-1)!.split("/")[0]!;
const child=(c:string)=>c.includes("scripts/pdp.ts");
const pgpids=()=>{const pm=execSync(`pgrep -f 'postgres.*-p ${pgmark}' || true`).toString().trim().split("\n")[0]!; return new Set([pm,...execSync(`pgrep -P ${pm}`).toString().trim().split("\n")]);};
const cpuPids=(pids:Set<string>)=>{let t=0;for(const d of pids){try{const s=readFileSync(`/proc/${d}/stat`,"utf8");const f=s.slice(s.lastIndexOf(")")+2).split(" ");t+=Number(f[11])+Number(f[12]);}catch{}}return t*10;};
for (const content of [false,true]) { const requests=mk(content);
 await runLoad({host:b.host,port:b.port,requests,connections:64,seconds:3});
 for (const load of [{connections:1},{connections:64},{connections:64,rate:1000}]) {
  const pids=pgpids(); const n0=cpuOf(child), p0=cpuPids(pids), s0=process.cpuUsage();
  const r=await runLoad({host:b.host,port:b.port,requests,seconds:5,...load});
  const n1=cpuOf(child), p1=cpuPids(pids), s1=process.cpuUsage(s0);
  console.log(content?"content":"plain", JSON.stringify(load), r.perSecond.toFixed(0)+"/s","p50",r.p50.toFixed(2),"p99",r.p99.toFixed(2),"| µs cpu per decision: node",((n1-n0)*1000/r.answered).toFixed(0),"pg",((p1-p0)*1000/r.answered).toFixed(0),"client",((s1.user+s1.system)/r.answered).toFixed(0), r.refused);
 } }
console.log((await (await fetch(`http://127.0.0.1:${b.port}/metrics`)).text()).split("\n").filter(l=>/batch_decisions_(sum|count)|commit_seconds_(sum|count)/.test(l)).join("\n"));
await b.stop();

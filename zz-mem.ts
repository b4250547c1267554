import { loadConfig } from './receivers/rtt-pinger/config.ts';
import { createRecord } from './receivers/rtt-pinger/core/record.ts';
import { createProbeLoop } from './receivers/rtt-pinger/edge/probe-loop.ts';
import { targetsOf } from './receivers/rtt-pinger/core/targets.ts';
import { createBoundedMesh } from './receivers/rtt-pinger/core/topology/bounded.ts';
const g = (globalThis as any).gc; let last=0;
function at(what:string){ g(); g(); const {heapUsed,rss}=process.memoryUsage(); console.log(what.padEnd(24), ((heapUsed-last)/1e6).toFixed(2), 'heap', (heapUsed/1e6).toFixed(1), 'rss', (rss/1e6).toFixed(1)); last=heapUsed; }
at('start');
let config:any = loadConfig({config:'/tmp/plan.yaml'}, {}); at('config');
let peers:any = config.peers.static.map((p:any)=>{ const { name, address, port = 0, zone, rack, namespace, pod } = p; const node = pod === '' ? name : ''; return { id: `static/${name}`, name, address, port, node, zone, rack, namespace, pod }; }); at('peers');
let targets:any = targetsOf(peers, {protocols:['icmp'],ports:{tcp:1,http:1,udp:1},self:{node:'here',namespace:'',pod:'x'}}); at('targets');
const rec = createRecord({stampsOf:()=>'kernel',nowMs:()=>0,epochMs:()=>Date.now(),trace:()=>undefined});
rec.book.follow(targets,{pairs:false,seeds:false,level:{by:'zone'},single:0}); at('book');
rec.tally.follow(targets); at('tally');
const mesh=createBoundedMesh(targets,{name:'here',zone:'z'},{plan:{steady:6,sweep:10},suspicion:{confirmations:5,most:20,perRound:4}}); at('bounded mesh');
const loop=createProbeLoop({rhythm:{intervalMs:1000,jitter:0,random:Math.random},probers:{},lateMs:2}); loop.follow(targets); at('loop full');
config=undefined; at('without config');
console.log(rec,mesh,loop,peers.length,targets.length);

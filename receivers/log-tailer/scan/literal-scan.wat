;; Finds every line of a text that has one of up to some hundred literals in it, 16 bytes at a time.
;;
;; Why WebAssembly: JavaScript has no SIMD, and 20 searches by Buffer.indexOf run at 60 MB/s together; this runs at the speed
;; of memory. Why text: it is short, and each instruction is one of the machine's. `node build/literal-scan.ts` assembles
;; it into literal-scan.wasm.ts; a test fails while the two differ.
;;
;; The way is Teddy's, of Hyperscan: of each literal three bytes in a row, its window, stand for it, and literals are
;; spread over eight buckets, one bit each. For each place in the window there are two tables of 16 bytes, one by the low half
;; of a byte and one by the high half: which buckets have such a byte there. A byte's buckets are low & high; a place in the
;; text is a candidate for the buckets that remain when all three places are joined. What is left is compared in full.
;;
;; Memory, laid out by literal-table.ts (addresses in bytes, numbers little-endian):
;;   set + 0    3 x (16 bytes by low half, 16 bytes by high half)
;;   set + 96   8 x (address of the bucket's first entry, address after its last)
;;   set + 160  address of the first entry of all, address after the last
;;   entry      +0 window, 3 bytes of 4    +4 place of the window in the literal    +8 length of the literal
;;              +12 address of the literal +16 number of the literal                +20 line that it was last found in
;;   hit        +0 number of the literal   +4 address of the literal in the text    +8 line's begin   +12 line's end
;;
;; 16 bytes before a text and 32 after it are read as well, whatever they hold.
(module
  (import "host" "memory" (memory 1))

  (global $lineBegin (mut i32) (i32.const 0))
  (global $lineEnd (mut i32) (i32.const 0))
  (global $hitsBeforeLine (mut i32) (i32.const 0))
  (global $hits (mut i32) (i32.const 0))
  ;; Where to go on: the text's end, or the begin of a line whose hits found no room.
  (global $resume (export "resume") (mut i32) (i32.const 0))

  ;; The address of the first newline from $at on; $end where there is none.
  (func $newlineFrom (param $at i32) (param $end i32) (result i32)
    (local $found i32)
    (loop $blocks
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (local.get $end))))
      (local.set $found
        (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 10)))))
      (if (local.get $found)
        (then
          (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $found))))
          (return
            (select (local.get $at) (local.get $end) (i32.lt_u (local.get $at) (local.get $end))))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $blocks))
    unreachable)

  ;; The address after the last newline before $at; $begin where there is none.
  (func $lineBeginOf (param $at i32) (param $begin i32) (result i32)
    (local $found i32)
    (loop $blocks
      (if (i32.le_u (local.get $at) (local.get $begin)) (then (return (local.get $begin))))
      (local.set $at (i32.sub (local.get $at) (i32.const 16)))
      (local.set $found
        (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 10)))))
      (if (local.get $found)
        (then
          (local.set $at (i32.add (local.get $at) (i32.sub (i32.const 32) (i32.clz (local.get $found)))))
          (return
            (select
              (local.get $at) (local.get $begin) (i32.gt_u (local.get $at) (local.get $begin))))))
      (br $blocks))
    unreachable)

  (func $isAt (param $text i32) (param $literal i32) (param $length i32) (result i32)
    (block $differ
      (loop $bytes
        (if (i32.eqz (local.get $length)) (then (return (i32.const 1))))
        (local.set $length (i32.sub (local.get $length) (i32.const 1)))
        (br_if $bytes
          (i32.eq
            (i32.load8_u (i32.add (local.get $text) (local.get $length)))
            (i32.load8_u (i32.add (local.get $literal) (local.get $length)))))))
    (i32.const 0))

  ;; Writes a hit, once a line and literal.
  (func $hit (param $entry i32) (param $at i32) (param $begin i32) (param $end i32) (param $out i32)
    (if (i32.ge_u (local.get $at) (global.get $lineEnd))
      (then
        (global.set $lineBegin (call $lineBeginOf (local.get $at) (local.get $begin)))
        (global.set $lineEnd (call $newlineFrom (local.get $at) (local.get $end)))
        (global.set $hitsBeforeLine (global.get $hits))))
    (if (i32.eq (i32.load offset=20 (local.get $entry)) (global.get $lineBegin)) (then (return)))
    (i32.store offset=20 (local.get $entry) (global.get $lineBegin))
    (local.set $out (i32.add (local.get $out) (i32.shl (global.get $hits) (i32.const 4))))
    (i32.store (local.get $out) (i32.load offset=16 (local.get $entry)))
    (i32.store offset=4 (local.get $out) (local.get $at))
    (i32.store offset=8 (local.get $out) (global.get $lineBegin))
    (i32.store offset=12 (local.get $out) (global.get $lineEnd))
    (global.set $hits (i32.add (global.get $hits) (i32.const 1))))

  ;; Compares the literals of the buckets in $buckets with the text whose window is at $at.
  (func $candidate
    (param $set i32) (param $at i32) (param $buckets i32)
    (param $begin i32) (param $end i32) (param $out i32)
    (local $entry i32) (local $last i32) (local $literal i32) (local $window i32)
    (local.set $window (i32.and (i32.load (local.get $at)) (i32.const 0xffffff)))
    (loop $eachBucket
      (local.set $entry
        (i32.add (local.get $set) (i32.shl (i32.ctz (local.get $buckets)) (i32.const 3))))
      (local.set $last (i32.load offset=100 (local.get $entry)))
      (local.set $entry (i32.load offset=96 (local.get $entry)))
      (local.set $buckets
        (i32.and (local.get $buckets) (i32.sub (local.get $buckets) (i32.const 1))))
      (loop $entries
        (block $next
          (br_if $next (i32.ne (local.get $window) (i32.load (local.get $entry))))
          (local.set $literal (i32.sub (local.get $at) (i32.load offset=4 (local.get $entry))))
          (br_if $next (i32.lt_u (local.get $literal) (local.get $begin)))
          (br_if $next
            (i32.gt_u
              (i32.add (local.get $literal) (i32.load offset=8 (local.get $entry)))
              (local.get $end)))
          (br_if $next
            (i32.eqz
              (call $isAt
                (local.get $literal)
                (i32.load offset=12 (local.get $entry))
                (i32.load offset=8 (local.get $entry)))))
          (call $hit
            (local.get $entry) (local.get $literal)
            (local.get $begin) (local.get $end) (local.get $out)))
        (local.set $entry (i32.add (local.get $entry) (i32.const 24)))
        (br_if $entries (i32.lt_u (local.get $entry) (local.get $last))))
      (br_if $eachBucket (local.get $buckets))))

  ;; Forgets in which lines literals were found: addresses of lines come again with the next text.
  (func $forgetLines (param $entry i32) (param $last i32)
    (loop $entries
      (if (i32.lt_u (local.get $entry) (local.get $last))
        (then
          (i32.store offset=20 (local.get $entry) (i32.const 0))
          (local.set $entry (i32.add (local.get $entry) (i32.const 24)))
          (br $entries)))))

  ;; Scans from $begin, where a line begins, to $end, and writes hits to $out. Ends early where there are more than $most,
  ;; with all those of the lines before the one to go on with. Gives how many hits there are.
  (func (export "scan")
    (param $set i32) (param $begin i32) (param $end i32) (param $out i32) (param $most i32)
    (result i32)
    (local $at i32) (local $candidates i32) (local $next i32)
    (local $low0 v128) (local $high0 v128)
    (local $low1 v128) (local $high1 v128)
    (local $low2 v128) (local $high2 v128)
    (local $half v128) (local $text v128) (local $buckets v128)
    (global.set $hits (i32.const 0))
    (global.set $lineEnd (i32.const 0))
    (global.set $resume (local.get $end))
    (call $forgetLines (i32.load offset=160 (local.get $set)) (i32.load offset=164 (local.get $set)))
    (local.set $low0 (v128.load (local.get $set)))
    (local.set $high0 (v128.load offset=16 (local.get $set)))
    (local.set $low1 (v128.load offset=32 (local.get $set)))
    (local.set $high1 (v128.load offset=48 (local.get $set)))
    (local.set $low2 (v128.load offset=64 (local.get $set)))
    (local.set $high2 (v128.load offset=80 (local.get $set)))
    (local.set $half (i8x16.splat (i32.const 15)))
    (local.set $at (local.get $begin))
    (block $done
      (loop $blocks
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))

        (local.set $text (v128.load (local.get $at)))
        (local.set $buckets
          (v128.and
            (i8x16.swizzle (local.get $low0) (v128.and (local.get $text) (local.get $half)))
            (i8x16.swizzle
              (local.get $high0)
              (v128.and (i16x8.shr_u (local.get $text) (i32.const 4)) (local.get $half)))))
        (local.set $text (v128.load offset=1 (local.get $at)))
        (local.set $buckets
          (v128.and
            (local.get $buckets)
            (v128.and
              (i8x16.swizzle (local.get $low1) (v128.and (local.get $text) (local.get $half)))
              (i8x16.swizzle
                (local.get $high1)
                (v128.and (i16x8.shr_u (local.get $text) (i32.const 4)) (local.get $half))))))
        (local.set $text (v128.load offset=2 (local.get $at)))
        (local.set $buckets
          (v128.and
            (local.get $buckets)
            (v128.and
              (i8x16.swizzle (local.get $low2) (v128.and (local.get $text) (local.get $half)))
              (i8x16.swizzle
                (local.get $high2)
                (v128.and (i16x8.shr_u (local.get $text) (i32.const 4)) (local.get $half))))))

        (if (v128.any_true (local.get $buckets))
          (then
            ;; The 16 bytes before a set are its own: which buckets each byte of the block is a candidate for.
            (v128.store (i32.sub (local.get $set) (i32.const 16)) (local.get $buckets))
            (local.set $candidates
              (i32.xor
                (i32.const 0xffff)
                (i8x16.bitmask (i8x16.eq (local.get $buckets) (v128.const i64x2 0 0)))))
            (loop $eachCandidate
              (local.set $next (i32.ctz (local.get $candidates)))
              (local.set $candidates
                (i32.and (local.get $candidates) (i32.sub (local.get $candidates) (i32.const 1))))
              (call $candidate
                (local.get $set)
                (i32.add (local.get $at) (local.get $next))
                (i32.load8_u
                  (i32.add (i32.sub (local.get $set) (i32.const 16)) (local.get $next)))
                (local.get $begin) (local.get $end) (local.get $out))
              (br_if $eachCandidate (local.get $candidates)))
            (if (i32.gt_u (global.get $hits) (local.get $most))
              (then
                (global.set $resume (global.get $lineBegin))
                (return (global.get $hitsBeforeLine))))))

        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $blocks)))
    (global.get $hits)))

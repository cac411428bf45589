package konsil.kernel.code;

import static konsil.kernel.code.Assembler.ZEROING;
import static konsil.kernel.code.Gpr.*;
import static konsil.kernel.code.Mem.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every encoding against the bytes that GNU as 2.40 writes for the same text. */
class AssemblerTest {
    private record Row(String text, String bytes, Consumer<Assembler> code) {}

    private static Row row(String text, String bytes, Consumer<Assembler> code) {
        return new Row(text, bytes, code);
    }

    private static List<Row> rows() {
        return List.of(
                row("vmovups zmm0,ZMMWORD PTR [rdi]", "62f17c481007", s -> s.vmovups(0, at(RDI, 0))),
                row("vmovups zmm17,ZMMWORD PTR [r13+64]", "62c17c48104d01", s -> s.vmovups(17, at(R13, 64))),
                row(
                        "vmovups zmm31,ZMMWORD PTR [rsp+32768]",
                        "62617c4810bc2400800000",
                        s -> s.vmovups(31, at(RSP, 32768))),
                row("vmovups zmm8,ZMMWORD PTR [rsp-64]", "62717c48104424ff", s -> s.vmovups(8, at(RSP, -64))),
                row("vmovups zmm9,ZMMWORD PTR [rbp]", "62717c48104d00", s -> s.vmovups(9, at(RBP, 0))),
                row("vmovups zmm9,ZMMWORD PTR [rax+100]", "62717c48108864000000", s -> s.vmovups(9, at(RAX, 100))),
                row(
                        "vmovups zmm3{k7}{z},ZMMWORD PTR [rdi+rax*1]",
                        "62f17ccf101c07",
                        s -> s.vmovups(3, at(RDI, RAX, 1, 0), 7 + ZEROING)),
                row(
                        "vmovups ZMMWORD PTR [r12+r9*4+128],zmm30",
                        "62017c4811748c02",
                        s -> s.vmovups(at(R12, R9, 4, 128), 30)),
                row("vmovups ZMMWORD PTR [rdx+64]{k2},zmm22", "62e17c4a117201", s -> s.vmovups(at(RDX, 64), 22, 2)),
                row("vmovups ymm19,YMMWORD PTR [rdi+32]", "62e17c28105f01", s -> s.vmovupsYmm(19, at(RDI, 32))),
                row("{evex} vmovups YMMWORD PTR [rsi+96],ymm5", "62f17c28116e03", s -> s.vmovupsYmm(at(RSI, 96), 5)),
                row(
                        "vmovdqu16 zmm5{k6}{z},ZMMWORD PTR [rax+64]",
                        "62f1ffce6f6801",
                        s -> s.vmovdqu16(5, at(RAX, 64), 6 + ZEROING)),
                row(
                        "vmovdqu16 ZMMWORD PTR [rcx+128]{k5},zmm17",
                        "62e1ff4d7f4902",
                        s -> s.vmovdqu16(at(RCX, 128), 17, 5)),
                row("vmovaps zmm19,zmm3", "62e17c4828db", s -> s.vmovaps(19, 3)),
                row("vmovaps zmm4{k1}{z},zmm29", "62917cc928e5", s -> s.vmovaps(4, 29, 1 + ZEROING)),
                row(
                        "vbroadcastss zmm25,DWORD PTR [rsi+r8*2+20]",
                        "62227d48184c4605",
                        s -> s.vbroadcastss(25, at(RSI, R8, 2, 20))),
                row("vpbroadcastd zmm11,DWORD PTR [rsi+8]", "62727d48585e02", s -> s.vpbroadcastd(11, at(RSI, 8))),
                row("vpbroadcastd zmm25,r9d", "62427d487cc9", s -> s.vpbroadcastd(25, R9)),
                row("{evex} vmovss DWORD PTR [rdx+4],xmm3", "62f17e08115a01", s -> s.vmovss(at(RDX, 4), 3)),
                row("vmovss DWORD PTR [r10+256],xmm21", "62c17e08116a40", s -> s.vmovss(at(R10, 256), 21)),
                row("vfmadd231ps zmm31,zmm17,zmm9", "62427540b8f9", s -> s.vfmadd231ps(31, 17, 9)),
                row("vfmadd213ps zmm1,zmm18,zmm30", "62926d40a8ce", s -> s.vfmadd213ps(1, 18, 30)),
                row("vfmsub213ps zmm12,zmm3,zmm27", "62126548aae3", s -> s.vfmsub213ps(12, 3, 27)),
                row("vpdpbusd zmm1,zmm18,zmm30", "62926d4050ce", s -> s.vpdpbusd(1, 18, 30)),
                row(
                        "vpdpbusd zmm1,zmm18,DWORD PTR [rdi+16]{1to16}",
                        "62f26d50504f04",
                        s -> s.vpdpbusd(1, 18, at(RDI, 16), true)),
                row(
                        "vpdpbusd zmm28,zmm3,ZMMWORD PTR [rdi+64]",
                        "62626548506701",
                        s -> s.vpdpbusd(28, 3, at(RDI, 64), false)),
                row("vdpbf16ps zmm1,zmm18,zmm30", "62926e4052ce", s -> s.vdpbf16ps(1, 18, 30)),
                row("vaddps zmm1,zmm20,zmm9", "62d15c4058c9", s -> s.vaddps(1, 20, 9)),
                row(
                        "vaddps zmm1,zmm2,DWORD PTR [r8+12]{1to16}",
                        "62d16c58584803",
                        s -> s.vaddps(1, 2, at(R8, 12), true)),
                row("vsubps zmm23,zmm2,zmm31", "62816c485cff", s -> s.vsubps(23, 2, 31)),
                row("vmulps zmm1,zmm20,zmm9", "62d15c4059c9", s -> s.vmulps(1, 20, 9)),
                row(
                        "vmulps zmm20,zmm21,DWORD PTR [rcx+4]{1to16}",
                        "62e15450596101",
                        s -> s.vmulps(20, 21, at(RCX, 4), true)),
                row(
                        "vmulps zmm20,zmm21,ZMMWORD PTR [rcx+8192]",
                        "62e1544059a100200000",
                        s -> s.vmulps(20, 21, at(RCX, 8192), false)),
                row("vdivps zmm4,zmm17,zmm9", "62d174405ee1", s -> s.vdivps(4, 17, 9)),
                row("vsqrtps zmm4,zmm17", "62b17c4851e1", s -> s.vsqrtps(4, 17)),
                row("vmaxps zmm4,zmm17,zmm9", "62d174405fe1", s -> s.vmaxps(4, 17, 9)),
                row(
                        "vmaxps zmm4,zmm17,ZMMWORD PTR [rax+64]",
                        "62f174405f6001",
                        s -> s.vmaxps(4, 17, at(RAX, 64), false)),
                row("vminps zmm4,zmm17,zmm9", "62d174405de1", s -> s.vminps(4, 17, 9)),
                row("vrndscaleps zmm6,zmm30,0", "62937d4808f600", s -> s.vrndscaleps(6, 30)),
                row("vscalefps zmm6,zmm7,zmm30", "629245482cf6", s -> s.vscalefps(6, 7, 30)),
                row("vpxord zmm22,zmm22,zmm22", "62a14d40eff6", s -> s.vpxord(22, 22, 22)),
                row("vpandd zmm3,zmm19,zmm28", "62916540dbdc", s -> s.vpandd(3, 19, 28)),
                row("vpord zmm3,zmm19,zmm28", "62916540ebdc", s -> s.vpord(3, 19, 28)),
                row("vpmovsxbd zmm17,XMMWORD PTR [rdx+32]", "62e27d48214a02", s -> s.vpmovsxbd(17, at(RDX, 32))),
                row("vpaddd zmm1,zmm20,zmm9", "62d15d40fec9", s -> s.vpaddd(1, 20, 9)),
                row("vpsubd zmm1,zmm20,zmm9", "62d15d40fac9", s -> s.vpsubd(1, 20, 9)),
                row("vpmaxud zmm1,zmm20,zmm9", "62d25d403fc9", s -> s.vpmaxud(1, 20, 9)),
                row("vpsrlw zmm21,zmm22,4", "62b1554071d604", s -> s.vpsrlw(21, 22, 4)),
                row("vpslld zmm30,zmm2,16", "62f10d4072f210", s -> s.vpslld(30, 2, 16)),
                row("vpslld zmm29,ZMMWORD PTR [rax+64],16", "62f1154072700110", s -> s.vpslld(29, at(RAX, 64), 16)),
                row("vpsrld zmm30,zmm2,16", "62f10d4072d210", s -> s.vpsrld(30, 2, 16)),
                row("vpsrad zmm30,zmm2,4", "62f10d4072e204", s -> s.vpsrad(30, 2, 4)),
                row("vcmpunordps k5,zmm20,zmm9", "62d15c40c2e903", s -> s.vcmpunordps(5, 20, 9)),
                row("vpcmpnltud k2,zmm20,zmm9", "62d35d401ed105", s -> s.vpcmpnltud(2, 20, 9)),
                row(
                        "vpscatterdd DWORD PTR [rsi+zmm1*1+1024]{k2},zmm20",
                        "62e27d4aa0a40e00040000",
                        s -> s.vpscatterdd(Encoder.ZMM, RSI, 1, 1024, 20, 2)),
                row(
                        "vpscatterdd DWORD PTR [rsi+ymm1*1+16]{k2},ymm20",
                        "62e27d2aa0640e04",
                        s -> s.vpscatterdd(Encoder.YMM, RSI, 1, 16, 20, 2)),
                row("vpmovdw ymm3,zmm17", "62e27e4833cb", s -> s.vpmovdw(3, 17)),
                row("vpsrlvd zmm3,zmm17,zmm9", "62d2754045d9", s -> s.vpsrlvd(3, 17, 9)),
                row("knotd k1,k7", "c4e1f944cf", s -> s.knotd(1, 7)),
                row("vpmovdb XMMWORD PTR [rsi+16],zmm17", "62e27e48314e01", s -> s.vpmovdb(at(RSI, 16), 17)),
                row("vpshufd zmm5,zmm17,0x4e", "62b17d4870e94e", s -> s.vpshufd(5, 17, 0x4e)),
                row("vshuff32x4 zmm5,zmm17,zmm3,0xb1", "62f3754023ebb1", s -> s.vshuff32x4(5, 17, 3, 0xb1)),
                row("vcvtdq2ps zmm30,zmm2", "62617c485bf2", s -> s.vcvtdq2ps(30, 2)),
                row("vcvtps2dq zmm2,zmm30", "62917d485bd6", s -> s.vcvtps2dq(2, 30)),
                row("vcvtph2ps zmm17,YMMWORD PTR [rdx+32]", "62e27d48134a01", s -> s.vcvtph2ps(17, at(RDX, 32))),
                row("vcvtneps2bf16 ymm6,zmm30", "62927e4872f6", s -> s.vcvtneps2bf16(6, 30)),
                row("kmovw k7,eax", "c5f892f8", s -> s.kmovw(7, RAX)),
                row("kmovw k7,r10d", "c4c17892fa", s -> s.kmovw(7, R10)),
                row("kmovd k6,eax", "c5fb92f0", s -> s.kmovd(6, RAX)),
                row("kmovd k6,r10d", "c4c17b92f2", s -> s.kmovd(6, R10)),
                row("mov rax,rdi", "4889f8", s -> s.mov(RAX, RDI)),
                row("mov r14,r9", "4d89ce", s -> s.mov(R14, R9)),
                row("mov r10,5", "49c7c205000000", s -> s.mov(R10, 5)),
                row("mov rdx,-1", "48c7c2ffffffff", s -> s.mov(RDX, -1)),
                row("mov r11,QWORD PTR [rsp+8]", "4c8b5c2408", s -> s.mov(R11, at(RSP, 8))),
                row("mov DWORD PTR [r8+12],edx", "4189500c", s -> s.mov32(at(R8, 12), RDX)),
                row("mov r14d,r9d", "4589ce", s -> s.mov32(R14, R9)),
                row("lea r12,[rdi+rsi*4+64]", "4c8d64b740", s -> s.lea(R12, at(RDI, RSI, 4, 64))),
                row("add rdi,64", "4883c740", s -> s.add(RDI, 64)),
                row("add r14,4096", "4981c600100000", s -> s.add(R14, 4096)),
                row("add rsi,r15", "4c01fe", s -> s.add(RSI, R15)),
                row("shl r13,5", "49c1e505", s -> s.shl(R13, 5)),
                row("shr r12,32", "49c1ec20", s -> s.shr(R12, 32)),
                row("dec r9", "49ffc9", s -> s.dec(R9)),
                row("test r8,r8", "4d85c0", s -> s.test(R8)),
                row("push r12", "4154", s -> s.push(R12)),
                row("push rbx", "53", s -> s.push(RBX)),
                row("pop r12", "415c", s -> s.pop(R12)),
                row("pop rbx", "5b", s -> s.pop(RBX)),
                row("prefetcht0 BYTE PTR [r14+1024]", "410f188e00040000", s -> s.prefetcht0(at(R14, 1024))),
                row("cpuid", "0fa2", s -> s.cpuid()),
                row("xgetbv", "0f01d0", s -> s.xgetbv()),
                row("ret", "c3", s -> s.leave()));
    }

    @TestFactory
    List<DynamicTest> encodings() {
        return rows().stream()
                .map(row -> DynamicTest.dynamicTest(row.text(), () -> {
                    var s = new Assembler();
                    row.code().accept(s);
                    assertThat(HexFormat.of().formatHex(s.toBytes())).isEqualTo(row.bytes());
                }))
                .toList();
    }

    @Test
    void jumpsBackAndAhead() {
        var s = new Assembler();
        int back = s.label();
        s.dec(RDI);
        int ahead = s.jzAhead();
        s.jnz(back);
        s.land(ahead);
        s.ret();
        assertThat(HexFormat.of().formatHex(s.toBytes()))
                .isEqualTo("48ffcf" + "0f8406000000" + "0f85f1ffffff" + "c5f877c3");
    }

    @Test
    void refusesWhatCannotBeEncoded() {
        assertThatThrownBy(() -> at(RAX, RSP, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> at(RAX, RCX, 3, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}

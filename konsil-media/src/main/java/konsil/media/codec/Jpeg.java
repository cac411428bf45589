package konsil.media.codec;
final class Jpeg { private final Codestream s; Jpeg(Codestream s){this.s=s;} Decoded decode(){ throw s.bad("not read"); } }
